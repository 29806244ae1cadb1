//! `exoc init`: what it proposes for folders of other people, and for folders that have nothing to go by.
//!
//! Five layouts have the folders and the lines that matter of public repositories, read 2026-11: dockersamples/
//! example-voting-app, docker/awesome-compose (react-express-mongodb), tiangolo/full-stack-fastapi-template,
//! GoogleCloudPlatform/microservices-demo and mastodon/mastodon.

use super::support::{App, Run, run_at};
use std::fs;
use std::path::Path;

/// Adds an environment for all three targets.
const PRODUCTION: &str = "
environments:
  production:
    domain: shop.example.com
    registry: ghcr.io/acme
    targets:
      compose: {}
      kubernetes: {}
      aws: { region: eu-central-1, account: \"123456789012\" }
";

/// A folder called `shop` with these files and nothing else.
struct Folder(tempfile::TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        fs::create_dir_all(folder.path("shop/.git")).unwrap();
        for (path, text) in files {
            let place = folder.path("shop").join(path);
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, text).unwrap();
        }
        folder
    }

    fn path(&self, path: &str) -> std::path::PathBuf {
        self.0.path().join(path)
    }

    fn run(&self, arguments: &[&str]) -> Run {
        run_at(&self.path("shop"), arguments)
    }

    /// A file without the line for editors.
    fn text(&self, path: &str) -> String {
        let text = fs::read_to_string(self.path("shop").join(path)).unwrap();
        let (first, rest) = text.split_once('\n').unwrap();
        assert!(
            first.starts_with("# yaml-language-server: $schema=https://"),
            "{first}"
        );
        rest.to_owned()
    }

    /// Proposes, writes, and builds for three targets; nothing may be warned of.
    fn proposed(&self) -> Run {
        let run = self.run(&["init", "--yes"]);
        run.ended(0);
        let manifest = self.path("shop/application.yml");
        let text = fs::read_to_string(&manifest).unwrap();
        fs::write(&manifest, text.clone() + PRODUCTION).unwrap();
        self.run(&["build", "--deny-warnings", "--quiet"]).ended(0);
        fs::write(&manifest, text).unwrap();
        run
    }
}

#[test]
fn a_compose_file_for_work_on_the_code() {
    let folder = Folder::with(&[
        (
            "docker-compose.yml",
            "services:\n  vote:\n    build: ./vote\n    command: python app.py\n    volumes:\n     - ./vote:/app\n    ports:\n      - \"5000:80\"\n  \
             result:\n    build: ./result\n    command: nodemon server.js\n    volumes:\n      - ./result:/app\n    ports:\n      - \"5001:80\"\n      - \"5858:5858\"\n  \
             worker:\n    build:\n      context: ./worker\n  redis:\n    image: redis:alpine\n  \
             db:\n    image: postgres:9.4\n    volumes:\n      - \"db-data:/var/lib/postgresql/data\"\nvolumes:\n  db-data:\n",
        ),
        ("vote/Dockerfile", "FROM python:3.11-slim\nEXPOSE 80\n"),
        ("vote/requirements.txt", "Flask\nRedis\ngunicorn\n"),
        (
            "result/Dockerfile",
            "FROM node:18-slim AS base\nEXPOSE 80\nFROM base AS development\nFROM base AS production\n",
        ),
        (
            "result/package.json",
            "{ \"dependencies\": { \"express\": \"^4.17.1\", \"pg\": \"^7.18.2\" } }",
        ),
        ("worker/Dockerfile", "FROM mcr.microsoft.com/dotnet/runtime:7.0\n"),
    ]);
    let run = folder.proposed();
    assert_eq!(
        folder.text("application.yml"),
        "name: shop\n\ndependencies:\n  db: postgres:17\n  redis: redis:7\n\nservices:\n  result: \"./result\"\n  \
         vote: \"./vote\"\n  worker: \"./worker\"\n"
    );
    assert_eq!(
        folder.text("vote/service.yml"),
        "port: 80\nroute:\n  host: \"${service.name}.${env.domain}\"\nuses: [redis]\ndevelopment:\n  run: [python, app.py]\n  mount: /app\n"
    );
    assert_eq!(
        folder.text("result/service.yml"),
        "port: 80\nroute: /\nuses: [db]\ndevelopment:\n  run: [nodemon, server.js]\n  mount: /app\n"
    );
    assert!(!folder.path("shop/worker/service.yml").exists());
    run.told("`db` runs postgres 9.4 there, which is not offered: `postgres:17` is proposed")
        .told("`vote`: public at a host of its own");
}

#[test]
fn services_that_wait_for_each_other() {
    let folder = Folder::with(&[
        (
            "compose.yaml",
            "services:\n    frontend:\n      build: ./frontend\n      ports:\n       - 3000:3000\n      depends_on:\n       - backend\n    \
             backend:\n      build: ./backend\n      expose: [3000]\n      depends_on:\n       - db\n    \
             db:\n      image: mongo:latest\n      volumes:\n       - ./data:/data/db\n",
        ),
        ("frontend/Dockerfile", "FROM node:21-alpine\nEXPOSE 3000\n"),
        ("backend/Dockerfile", "FROM node:21-alpine\nEXPOSE 3000\n"),
        (
            "backend/package.json",
            "{ \"dependencies\": { \"mongoose\": \"6\" } }",
        ),
    ]);
    folder.proposed();
    assert_eq!(
        folder.text("frontend/service.yml"),
        "port: 3000\nroute: /\nuses: [backend]\n"
    );
    assert_eq!(folder.text("backend/service.yml"), "port: 3000\nuses: [db]\n");
    assert!(folder.text("application.yml").contains("  db: mongodb:8.0\n"));
}

#[test]
fn variables_become_references_and_secrets() {
    let folder = Folder::with(&[
        (
            "docker-compose.yml",
            "services:\n  db:\n    image: postgres:16\n    environment:\n      - POSTGRES_PASSWORD=${POSTGRES_PASSWORD?Variable not set}\n  \
             adminer:\n    image: adminer\n    depends_on:\n      - db\n  \
             backend:\n    depends_on:\n      - db\n    environment:\n      - DOMAIN=${DOMAIN}\n      - SECRET_KEY=${SECRET_KEY?Variable not set}\n      \
             - POSTGRES_SERVER=db\n      - POSTGRES_USER=${POSTGRES_USER?Variable not set}\n      - POSTGRES_PASSWORD=${POSTGRES_PASSWORD?Variable not set}\n      \
             - DATABASE_URL=postgresql://app:canary-in-a-url@db:5432/app\n      - LOG_LEVEL=info\n      - MIRROR=https://app:canary-in-a-mirror@mirror.example.com/x\n      - API_TOKEN=canary-in-a-token\n    \
             command: serve --key canary-${KEY}\n    build:\n      context: ./backend\n    ports: [\"127.0.0.1:8000:8000\"]\n    healthcheck:\n      test: [\"CMD\", \"curl\", \"-f\", \"http://localhost:8000/api/health/\"]\n  \
             frontend:\n    build:\n      context: ./frontend\n",
        ),
        ("backend/Dockerfile", "FROM python:3.10\n"),
        (
            "frontend/Dockerfile",
            "FROM node:20 AS build-stage\nFROM nginx:1\n",
        ),
    ]);
    let run = folder.proposed();
    assert_eq!(
        folder.text("backend/service.yml"),
        "port: 8000\nroute: /\nhealth: /api/health/\nuses: [db]\nenvironment:\n  API_TOKEN: \"${secrets.API_TOKEN}\"\n  \
         DATABASE_URL: \"${dependencies.db.url}\"\n  LOG_LEVEL: info\n  MIRROR: \"${secrets.MIRROR}\"\n  POSTGRES_PASSWORD: \"${dependencies.db.password}\"\n  \
         POSTGRES_SERVER: \"${dependencies.db.host}\"\n  POSTGRES_USER: \"${dependencies.db.username}\"\n  \
         SECRET_KEY: \"${secrets.SECRET_KEY}\"\n"
    );
    assert_eq!(folder.text("frontend/service.yml"), "port: 80\n");
    run.told("`adminer` runs `adminer`, which is not built here")
        .told("`DOMAIN` of `backend` takes its value from the machine");
    run.told("the command of `backend` holds a secret or a variable of the machine");
    // What is a secret by its name, or stands in an address, is nowhere.
    assert!(
        !run.err.contains("canary") && !run.out.contains("canary"),
        "{}",
        run.err
    );
}

#[test]
fn checks_and_buckets() {
    let folder = Folder::with(&[
        (
            "docker-compose.yml",
            "services:\n  api:\n    build: ./api\n    ports:\n      - target: 8000\n        published: 80\n    environment:\n      S3_ENDPOINT: http://minio:9000\n      \
             S3_BUCKET: episodes\n      AWS_ACCESS_KEY_ID: canary\n      AWS_SECRET_ACCESS_KEY: canary\n      MINIO_HOST: minio:9000\n    \
             healthcheck:\n      test: [CMD, /api, -health]\n  minio:\n    image: minio/minio:RELEASE.2025-01-01\n    command: server /data\n",
        ),
        ("api/Dockerfile", "FROM scratch\nUSER 1000\n"),
    ]);
    let run = folder.proposed();
    assert!(folder.text("application.yml").contains("  minio: bucket\n"));
    assert_eq!(
        folder.text("api/service.yml"),
        "port: 8000\nroute: /\nhealth:\n  command: [/api, \"-health\"]\nuses: [minio]\nenvironment:\n  \
         AWS_ACCESS_KEY_ID: \"${dependencies.minio.access-key}\"\n  \
         AWS_SECRET_ACCESS_KEY: \"${dependencies.minio.secret-key}\"\n  \
         S3_BUCKET: \"${dependencies.minio.name}\"\n  S3_ENDPOINT: \"${dependencies.minio.endpoint}\"\n"
    );
    run.told("`MINIO_HOST` of `api` is `minio:9000`, a host without `http://`");
}

#[test]
fn folders_with_dockerfiles() {
    let folder = Folder::with(&[
        (
            "src/frontend/Dockerfile",
            "FROM golang AS builder\nFROM alpine AS release\nEXPOSE 8080\n",
        ),
        (
            "src/cartservice/src/Dockerfile",
            "FROM mcr.microsoft.com/dotnet/runtime-deps:6.0\nEXPOSE 7070\nUSER 1000\n",
        ),
        (
            "src/emailservice/Dockerfile",
            "FROM python:3.10\nEXPOSE 8080\nUSER nobody\n",
        ),
        ("src/emailservice/requirements.txt", "grpcio==1.50\n"),
        ("src/loadgenerator/Dockerfile", "FROM python:3.10\n"),
        ("src/tool/go.mod", "module tool\n"),
    ]);
    let run = folder.proposed();
    assert_eq!(
        folder.text("application.yml"),
        "name: shop\n\nservices:\n  cartservice: \"./src/cartservice/src\"\n  emailservice: \"./src/emailservice\"\n  \
         frontend: \"./src/frontend\"\n  loadgenerator: \"./src/loadgenerator\"\n"
    );
    assert_eq!(folder.text("src/frontend/service.yml"), "port: 8080\nroute: /\n");
    assert_eq!(folder.text("src/cartservice/src/service.yml"), "port: 7070\n");
    assert_eq!(
        folder.text("src/emailservice/service.yml"),
        "port: 8080\nsecurity:\n  user: 65534\n"
    );
    run.told("`cartservice`, `emailservice`: private")
        .told("nothing says where `loadgenerator` listens")
        .told("`src/tool` has a program and no Dockerfile");
}

#[test]
fn processes_of_one_image() {
    let folder = Folder::with(&[
        (
            "Dockerfile",
            "FROM ruby AS build\nFROM ruby AS release\nRUN groupadd -g \"991\" app && useradd -l -u \"991\" -g app mastodon\nUSER mastodon\nEXPOSE 3000\n",
        ),
        (
            "Procfile",
            "# by hand\nweb: bundle exec puma -C config/puma.rb\nworker: bundle exec sidekiq\nrelease: bin/rails db:migrate && bin/rails cache:clear\n",
        ),
        ("Gemfile", "gem 'pg', '~> 1.5'\ngem 'sidekiq', '< 8'\n"),
        ("streaming/Dockerfile", "FROM node:22\nUSER node\nEXPOSE 4000\n"),
        (
            "streaming/package.json",
            "{ \"dependencies\": { \"ioredis\": \"5\", \"pg\": \"8\" } }",
        ),
    ]);
    folder.proposed();
    assert_eq!(
        folder.text("application.yml"),
        "name: shop\n\ndependencies:\n  cache: redis:7\n  db: postgres:17\n\nservices:\n  release:\n    location: \".\"\n    \
         command: [sh, \"-c\", \"exec bin/rails db:migrate && bin/rails cache:clear\"]\n    when: before-deploy\n    \
         uses: [cache, db]\n    security:\n      user: 991\n  streaming: \"./streaming\"\n  web:\n    location: \".\"\n    \
         port: 3000\n    route: /\n    command: [bundle, exec, puma, \"-C\", config/puma.rb]\n    uses: [cache, db]\n    \
         security:\n      user: 991\n  worker:\n    location: \".\"\n    command: [bundle, exec, sidekiq]\n    \
         uses: [cache, db]\n    security:\n      user: 991\n"
    );
}

#[test]
fn nothing_is_written_before_somebody_agrees() {
    let folder = Folder::with(&[("web/Dockerfile", "FROM scratch\nEXPOSE 80\n")]);
    let run = folder.run(&["init"]);
    run.ended(0)
        .told("--- web/service.yml")
        .told("`exoc init --yes` writes these files");
    assert_eq!(run.out, "");
    assert!(!folder.path("shop/application.yml").exists());
    let json = folder.run(&["init", "--yes", "--format", "json"]);
    json.ended(0);
    assert!(
        json.out.contains("\"application.yml\"") && json.out.contains("\"web/service.yml\""),
        "{}",
        json.out
    );
}

#[test]
fn an_application_that_is_there_stays() {
    let app = App::good();
    let before = app.files();
    app.run(&["init", "--yes"])
        .ended(1)
        .told("`application.yml` is there already")
        .told("exoc init --ci");
    assert_eq!(app.files(), before);
}

#[test]
fn a_file_in_the_way_stays_and_nothing_is_written() {
    let folder = Folder::with(&[
        ("web/Dockerfile", "FROM scratch\nEXPOSE 80\n"),
        ("web/service.yml", "port: 81\n"),
    ]);
    folder
        .run(&["init", "--yes"])
        .ended(1)
        .told("`web/service.yml` is there already, and nothing was written");
    assert!(!folder.path("shop/application.yml").exists());
}

#[test]
fn a_folder_with_nothing_is_told_what_would_be_something() {
    let empty = Folder::with(&[("README.md", "# Nothing\n")]);
    empty
        .run(&["init", "--yes"])
        .ended(1)
        .told("nothing here says how a service is built")
        .told("a folder with a Dockerfile is a service");
    let program = Folder::with(&[("package.json", "{ \"scripts\": { \"start\": \"node .\" } }")]);
    program
        .run(&["init", "--yes"])
        .ended(1)
        .told("`this folder` has a program and no Dockerfile");
    run_at(Path::new("/"), &["-C", "/nowhere", "init"]).ended(3);
}

#[test]
fn many_folders_are_looked_at_and_their_names_kept_apart() {
    let files: Vec<(String, &str)> = (0..500)
        .map(|number| {
            (
                format!("team-{number}/api/Dockerfile"),
                "FROM scratch\nEXPOSE 80\n",
            )
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let folder = Folder::with(&files);
    folder
        .run(&["init", "--yes", "--quiet"])
        .ended(0)
        .told("more than 1000 folders");
    let text = folder.text("application.yml");
    assert!(text.contains("  api: \"./team-0/api\"\n"), "{text}");
    assert!(text.contains("  api-2: "), "{text}");
    folder.run(&["check", "--quiet"]).ended(0);
}

#[test]
fn a_compose_file_that_cannot_be_read_is_said() {
    let folder = Folder::with(&[
        (
            "compose.yaml",
            "x-a: &a { b: c }\nservices:\n  web: { <<: *a, build: . }\n",
        ),
        ("web/Dockerfile", "FROM scratch\nEXPOSE 80\n"),
    ]);
    folder
        .proposed()
        .told("`compose.yaml` was not read: it has no services, or is written with aliases");
}
