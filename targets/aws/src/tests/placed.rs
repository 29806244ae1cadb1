//! Files of the manifest's: layers above images, and what a companion writes.

use super::{files, messages, model, reported, task};
use crate::model::{Base, BuiltImage, ImageHome, Model, Pull, Recipe, RunningImage, Variable};
use crate::support::{Choice, Sample, fixed, least_options, managed, options, workload};
use exoc_ir::{
    Attribute, Contents, FixedFile, Id, LateContents, LateFile, Part, Product, Program, Protocol, Value,
    Workload,
};

fn known(text: &str) -> FixedFile {
    FixedFile {
        contents: text.into(),
        executable: false,
    }
}

fn late(contents: LateContents) -> LateFile {
    LateFile {
        contents,
        executable: false,
    }
}

fn image<'m>(model: &'m Model, key: &str) -> &'m BuiltImage {
    let mut built = model.images.built.iter();
    built.find(|image| image.key == key).unwrap()
}

/// A service `api` whose image another one shares, and a container of others.
fn shared(change: impl Fn(&mut Workload), other: impl Fn(&mut Workload)) -> Program {
    let mut sample = Sample::new("shop", None, &[], &[], &["proxy"]);
    let built = sample.built("api");
    let mut api = workload(built, &[]);
    change(&mut api);
    sample.service("api", api, fixed(1));
    let mut worker = workload(built, &[]);
    other(&mut worker);
    sample.service("worker", worker, fixed(1));
    let pinned = sample.pinned("nginx:1.29");
    let mut proxy = workload(pinned, &[("http", 8080, Protocol::Http)]);
    proxy.files.fixed.insert("/etc/proxy.conf".into(), known("a"));
    sample.backing("proxy", exoc_ir::Engine::Container(proxy));
    sample.finish()
}

fn with_file(workload: &mut Workload) {
    workload.files.fixed.insert("/etc/a/b.conf".into(), known("b"));
}

#[test]
fn an_image_of_others_gets_a_repository_when_it_gets_files() {
    let model = model(&shared(|_| {}, |_| {}));
    let proxy = image(&model, "proxy");
    let Recipe::Layer(layer) = &proxy.recipe else {
        panic!("{proxy:?}")
    };
    assert!(matches!(&layer.base, Base::Reference(base) if base == "nginx:1.29"));
    assert_eq!(layer.platforms, ["linux/amd64"]);
    assert_eq!(
        layer.repository,
        "123456789012.dkr.ecr.eu-central-1.amazonaws.com/shop-production/proxy"
    );
    let proxy = task(&model, "proxy");
    assert_eq!(proxy.pull, Pull::Repository("proxy".into()));
    assert_eq!(proxy.container.image, RunningImage::Input("proxy".into()));
}

#[test]
fn a_first_file_moves_neither_the_input_nor_the_repository() {
    let keys = |program: &Program| {
        let built = model(program).images.built;
        let name = |image: &BuiltImage| match &image.home {
            ImageHome::Repository { address, name } => (image.key.clone(), address.clone(), name.clone()),
            ImageHome::Elsewhere(_) => panic!("{image:?}"),
        };
        built.iter().map(name).collect::<Vec<_>>()
    };
    let mut alone = Sample::new("shop", None, &[], &[], &[]);
    let mut layered = Sample::new("shop", None, &[], &[], &[]);
    for (sample, files) in [(&mut alone, false), (&mut layered, true)] {
        let built = sample.built("api");
        let mut api = workload(built, &[]);
        if files {
            with_file(&mut api);
        }
        sample.service("api", api, fixed(1));
    }
    assert_eq!(keys(&alone.finish()), keys(&layered.finish()));
}

#[test]
fn who_shares_an_image_with_files_runs_it_without_them() {
    let model = model(&shared(with_file, |_| {}));
    assert!(matches!(image(&model, "api").recipe, Recipe::Build(_)));
    assert!(matches!(image(&model, "api.files").recipe, Recipe::Layer(_)));
    let running = |role: &str| task(&model, role).container.image.clone();
    assert_eq!(running("api"), RunningImage::Input("api.files".into()));
    assert_eq!(running("worker"), RunningImage::Input("api".into()));
    assert_eq!(
        task(&model, "api").pull,
        Pull::Repository("exoc_api_files".into())
    );
}

#[test]
fn what_two_layers_lie_on_is_built_once() {
    let printed = files(&shared(with_file, with_file));
    let path = exoc_diagnostics::VirtualPath::new("images/docker-bake.hcl").unwrap();
    let bake = String::from_utf8(printed.get(&path).unwrap().contents.clone()).unwrap();
    assert_eq!(bake.matches("target \"api_base\" {").count(), 1, "{bake}");
    assert_eq!(bake.matches("base = \"target:api_base\"").count(), 2, "{bake}");
    assert!(bake.contains("context    = \"../../../api\""), "{bake}");
}

#[test]
fn names_that_mean_more_to_a_builder_are_taken_as_they_are() {
    let mut sample = Sample::new("shop", None, &[], &[], &[]);
    let pinned = sample.pinned("nginx:1.29");
    let mut api = workload(pinned, &[]);
    for path in ["/srv/a[1]*?.txt", "/srv/\"$HOME\"/it's"] {
        api.files.fixed.insert(path.into(), known("a"));
    }
    sample.service("api", api, fixed(1));
    let printed = files(&sample.finish());
    let path = exoc_diagnostics::VirtualPath::new("images/api/Dockerfile").unwrap();
    let text = String::from_utf8(printed.get(&path).unwrap().contents.clone()).unwrap();
    for line in [
        r#"COPY --chmod=a=r ["files/srv/a[[]1][*][?].txt", "/srv/"]"#,
        r#"COPY --chmod=a=r ["files/srv/\\\"\\$HOME\\\"/it\\'s", "/srv/\\\"\\$HOME\\\"/"]"#,
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
}

/// A service whose late files are made by the caller, who gets the id of a supplied secret.
fn written(files: impl Fn(exoc_ir::Id<exoc_ir::Secret>) -> Vec<(&'static str, LateFile)>) -> Sample {
    let mut sample = Sample::new("shop", None, &["KEY"], &["db"], &["db"]);
    let built = sample.built("api");
    let mut api = workload(built, &[]);
    let files = files(sample.secret("KEY"));
    let files = files.into_iter().map(|(name, file)| (name.to_owned(), file));
    api.files.late.insert("/etc/api".into(), files.collect());
    sample.service("api", api, fixed(1));
    sample.backing(
        "db",
        managed(Product::Postgres, "17", sample.secret("DB_PASSWORD")),
    );
    sample.uses("api", "db", &[5432]);
    sample
}

#[test]
fn what_hcl_would_change_is_written_in_letters() {
    let program = written(|key| {
        let cafe = [Part::Text("cafe\u{301} ".into()), Part::Secret(key)];
        let bytes = LateContents::Known(Contents([0, 1, 0xff].as_slice().into()));
        vec![
            ("bytes", late(bytes)),
            ("mixed", late(LateContents::Value(Value::new(cafe)))),
            ("text", late(LateContents::Known("a".into()))),
        ]
    });
    let model = model(&program.finish());
    let writer = task(&model, "api").writer.clone().unwrap();
    let plain = |index: usize| match &writer.variables[index].1 {
        Variable::Plain(text) => format!("{text:?}"),
        Variable::Secret { secret, member } => format!("{secret} {member:?}"),
        Variable::Named(secret) => secret.clone(),
    };
    assert!(plain(0).contains("AAH/"), "{}", plain(0));
    assert!(plain(1).contains("Y2FmZcyBIA=="), "{}", plain(1));
    assert_eq!(plain(2), "key_supplied None");
    assert!(plain(3).contains("\"a\""), "{}", plain(3));
    let end = "cd /files/0; { printf %s \"$FILE_0\" | base64 -d; } | put 0444 'bytes'; \
               { printf %s \"$FILE_1\" | base64 -d; printf %s \"$FILE_2\"; } | put 0444 'mixed'; \
               printf %s \"$FILE_3\" | put 0444 'text'";
    assert!(writer.script.ends_with(end), "{}", writer.script);
}

#[test]
fn a_text_with_a_secret_in_it_is_composed_with_the_variables() {
    let program = written(|key| {
        let parts = [
            Part::Text("key=".into()),
            Part::Secret(key),
            Part::Attribute(Id::new(0), Attribute::Host),
        ];
        vec![("conf", late(LateContents::Value(Value::new(parts))))]
    });
    let model = model(&program.finish());
    let task = task(&model, "api");
    let composed = task.composed.as_ref().unwrap();
    assert_eq!(
        composed.description,
        "Variables and files of api that hold secrets inside longer texts"
    );
    assert_eq!(task.reads, ["api_composed"]);
    let (name, variable) = &task.writer.as_ref().unwrap().variables[0];
    let from = Variable::Secret {
        secret: "api_composed".into(),
        member: Some("EXOC_FILE_0".into()),
    };
    assert_eq!((name.as_str(), variable), ("FILE_0", &from));
}

#[test]
fn late_files_beyond_a_task_definition_are_an_error_at_the_longest() {
    let report = |bytes: usize| {
        let mut sample = written(|key| {
            let large = LateContents::Known("x".repeat(bytes).as_str().into());
            let secret = LateContents::Value(Value::new([Part::Secret(key)]));
            vec![("large", late(large)), ("secret", late(secret))]
        });
        sample.writes("api", "files./etc/api/large");
        let program = sample.finish();
        let (_, reports) = reported(&program, &least_options());
        let at = reports.iter().find(|found| found.code.id == "EX0406");
        let at = at.map(|found| found.primary.as_ref().unwrap().span);
        let place = program.at(
            exoc_ir::NodeId::Service(program.services().iter().next().unwrap().0),
            "files./etc/api/large",
        );
        at.map(|at| at == place)
    };
    assert_eq!(report(40_000), None);
    assert_eq!(report(49_000), Some(true));
}

#[test]
fn files_need_a_way_out_for_who_writes_them() {
    let program = written(|key| vec![("key", late(LateContents::Value(Value::new([Part::Secret(key)]))))]);
    let program = program.finish();
    let without = options(&[
        ("region", Choice::Text("eu-central-1")),
        ("account", Choice::Text("123456789012")),
        ("nat", Choice::Text("none")),
    ]);
    let (planned, reports) = reported(&program, &without);
    assert!(!planned);
    let found = messages(&reports, "EX0402").concat();
    assert!(found.contains("gets its files from a container"), "{found}");
}
