//! Faults of `files`, with the words that they must be answered with: see [`crate::habits`].

use crate::habits::Habit;

/// A fault each.
pub(crate) const PLACED: &[Habit] = &[
    (
        "a file whose source is not there",
        web!("    files: { /etc/motd: ./motd }\n"),
        "EX0002",
        "./motd",
        "create it, or correct the path",
    ),
    (
        "a source above the application",
        web!("    files: { /etc/motd: ../motd }\n"),
        "EX0003",
        "../motd",
        "move what it names",
    ),
    (
        "a source from the root of the machine",
        web!("    files: { /etc/motd: /etc/motd }\n"),
        "EX0003",
        "/etc/motd",
        "write the path relative to the folder of this file",
    ),
    (
        "a source that is the whole application",
        web!("    files: { /etc/app: . }\n"),
        "EX0110",
        ".",
        "name a file or a folder in it",
    ),
    (
        "a source with a reference",
        web!("    files: { /etc/motd: \"./${env.name}\" }\n"),
        "EX0112",
        "${env.name}",
        "",
    ),
    (
        "a list of files as compose has it",
        web!("    files: [\"./motd:/etc/motd:ro\"]\n"),
        "EX0102",
        "[\"./motd:/etc/motd:ro\"]",
        "files: { /etc/motd: ./motd }",
    ),
    (
        "a config of compose",
        web!("    configs: [motd]\n"),
        "EX0104",
        "configs",
        "write `files: { /etc/app/config.yml: ./config.yml }`",
    ),
    (
        "the file of a config",
        web!("    files: { /etc/motd: { file: ./motd } }\n"),
        "EX0104",
        "file",
        "write `source`",
    ),
    (
        "the mode of a file",
        web!("    files: { /etc/motd: { content: a, mode: \"0644\" } }\n"),
        "EX0104",
        "mode",
        "write `executable: true`",
    ),
    (
        "a file with a source and a content",
        web!("    files: { /etc/motd: { content: a, source: ./a } }\n"),
        "EX0109",
        "source",
        "keep one of the two",
    ),
    (
        "a file with nothing in it",
        web!("    files: { /etc/motd: { executable: true } }\n"),
        "EX0103",
        "{ executable: true }",
        "`content` with a text",
    ),
    (
        "a file whose content an overlay removes",
        production!(
            "    files: { /etc/motd: { content: a } }\n",
            "    services: { web: { files: { /etc/motd: { content: null } } } }\n"
        ),
        "EX0103",
        "null",
        "`source` or `content` is required",
    ),
    (
        "a file that may be run with a word",
        web!("    files: { /etc/motd: { content: a, executable: yes } }\n"),
        "EX0102",
        "yes",
        "",
    ),
    (
        "a path of a file that is relative",
        web!("    files: { etc/motd: { content: a } }\n"),
        "EX0110",
        "etc/motd",
        "write `/etc/motd`",
    ),
    (
        "a path of a file with a parent",
        web!("    files: { /etc/../motd: { content: a } }\n"),
        "EX0110",
        "/etc/../motd",
        "write the path in full",
    ),
    (
        "a file of the system",
        web!("    files: { /proc/version: { content: a } }\n"),
        "EX0316",
        "/proc/version",
        "choose a folder of the program's own",
    ),
    (
        "a file in the folder of temporary files",
        web!("    files: { /tmp/a: { content: a } }\n"),
        "EX0330",
        "/tmp/a",
        "`/tmp` always is a writable folder",
    ),
    (
        "a file in a writable folder",
        web!("    writable: [/cache]\n    files: { /cache/a: { content: a } }\n"),
        "EX0330",
        "/cache/a",
        "taken here",
    ),
    (
        "a file around a volume",
        web!("    volumes: { data: /data/x }\n    files: { /data: { content: a } }\n"),
        "EX0330",
        "/data",
        "the file `/data` lies around `/data/x`",
    ),
    (
        "a file in a file",
        web!("    files: { /a: { content: a }, /a/b: { content: b } }\n"),
        "EX0330",
        "/a/b",
        "the file `/a/b` lies in the file `/a`",
    ),
    (
        "a file of an overlay in a volume",
        production!(
            "    volumes: { data: /data }\n",
            "    services: { web: { files: { /data/a: { content: a } } } }\n"
        ),
        "EX0330",
        "/data/a",
        "the file `/data/a` lies in `/data`",
    ),
    (
        "a secret in a file of a folder that every program needs",
        app!(
            "secrets: { S: {} }\nservices:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n",
            "    files: { /etc/token: { content: \"${secrets.S}\" } }\n"
        ),
        "EX0361",
        "/etc/token",
        "as in `/etc/secrets/token`",
    ),
    (
        "a secret in a file of the folder of the program",
        &[
            (
                "application.yml",
                "name: shop\nsecrets: { S: {} }\nservices: { web: ./web }\n",
            ),
            ("web/Dockerfile", "FROM scratch\nUSER 1000\nWORKDIR /srv/app\n"),
            (
                "web/service.yml",
                "files: { /srv/token: { content: \"${secrets.S}\" } }\n",
            ),
        ],
        "EX0361",
        "/srv/token",
        "the image's working directory",
    ),
    (
        "a writable folder in the folder of a secret",
        app!(
            "secrets: { S: {} }\nservices:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n",
            "    writable: [/run/web/cache]\n    files: { /run/web/token: { content: \"${secrets.S}\" } }\n"
        ),
        "EX0330",
        "/run/web/token",
        "`/run/web` to itself",
    ),
    (
        "a file in a folder that development mounts",
        web!("    files: { /app/a: { content: a } }\n    development: { mount: { /app: . } }\n"),
        "EX0330",
        "/app",
        "one of `/app` and `/app/a` lies in the other",
    ),
    (
        "a content that names nobody",
        web!("    files: { /etc/motd: { content: \"${secrets.NONE}\" } }\n"),
        "EX0206",
        "NONE",
        "declare it in application.yml",
    ),
    (
        "files of a product",
        app!(
            "dependencies: { db: { type: postgres, version: \"17\", files: { /a: { content: b } } } }\nservices: { web: { image: \"a:1\", uses: [db] } }\n"
        ),
        "EX0302",
        "files",
        "only a container has this",
    ),
];
