//! Faults of shared volumes, with the words that they must be answered with: see [`crate::habits`].

use crate::habits::Habit;

/// A fault each.
pub(crate) const VOLUMES: &[Habit] = &[
    (
        "two writers of different users",
        web!(
            "    volumes: { media: /media }\n  api: { image: \"example/api:1.0\", security: { user: 102 }, volumes: { media: /m } }\ndependencies: { media: volume }\n"
        ),
        "EX0331",
        "102",
        "or let one of them only read",
    ),
    (
        "two writers of different groups",
        web!(
            "    volumes: { media: /media }\n  api: { image: \"example/api:1.0\", security: { user: 101, group: 7 }, volumes: { media: /m } }\ndependencies: { media: volume }\n"
        ),
        "EX0331",
        "101",
        "`api` runs as user 101 and group 7",
    ),
    (
        "a writer whose user an overlay changes",
        production!(
            "    volumes: { media: /media }\n  api: { image: \"example/api:1.0\", security: { user: 101 }, volumes: { media: /m } }\ndependencies: { media: volume }\n",
            "    services: { api: { security: { user: 105 } } }\n"
        ),
        "EX0331",
        "105",
        "give both one user and group",
    ),
    (
        "a writer that an overlay adds",
        production!(
            "    volumes: { media: /media }\n  api: { image: \"example/api:1.0\", security: { user: 105 } }\ndependencies: { media: volume }\n",
            "    services: { api: { volumes: { media: /m } } }\n"
        ),
        "EX0331",
        "media",
        "`api` runs as user 105 and group 105",
    ),
    (
        "a writer whose user only its image knows",
        web!(
            "    volumes: { media: /media }\n  api: { image: \"example/api:1.0\", volumes: { media: /m } }\ndependencies: { media: volume }\n"
        ),
        "EX0331",
        "media",
        "`api` runs as its image says",
    ),
    (
        "a container that writes as another user",
        web!(
            "    volumes: { media: /media }\n    uses: [scan]\ndependencies:\n  media: volume\n  scan: { type: container, image: \"example/scan:1.0\", port: 90, security: { user: 0 }, volumes: { media: /m } }\n"
        ),
        "EX0331",
        "0",
        "`web` and `scan` write",
    ),
    (
        "a use of a volume",
        web!("    uses: [media]\ndependencies: { media: volume }\n"),
        "EX0320",
        "media",
        "mount it instead: `volumes: { media: /srv/media }`",
    ),
    (
        "an attribute of a volume",
        web!(
            "    volumes: { media: /media }\n    environment: { A: \"${dependencies.media.url}\" }\ndependencies: { media: volume }\n"
        ),
        "EX0320",
        "url",
        "nothing connects to a volume",
    ),
    (
        "a port of a volume",
        web!(
            "    volumes: { media: /media }\n    environment: { A: \"${dependencies.media.ports.http.url}\" }\ndependencies: { media: volume }\n"
        ),
        "EX0320",
        "http",
        "nothing connects to a volume",
    ),
    (
        "a database that is mounted",
        web!("    uses: [db]\n    volumes: { db: /data }\ndependencies: { db: postgres:17 }\n"),
        "EX0203",
        "db",
        "only a dependency of type `volume` can be mounted",
    ),
    (
        "a volume that an environment replaces",
        production!(
            "    volumes: { media: /media }\ndependencies: { media: volume }\n",
            "    dependencies: { media: { type: bucket } }\n"
        ),
        "EX0203",
        "bucket",
        "give a volume of the component's own another name",
    ),
    (
        "a volume that an environment removes",
        production!(
            "    volumes: { media: /media }\ndependencies: { media: volume }\n",
            "    dependencies: { media: null }\n"
        ),
        "EX0204",
        "null",
        "is removed here and mounted elsewhere",
    ),
    (
        "the size of a mount",
        web!("    volumes: { media: { path: /media, size: 5Gi } }\ndependencies: { media: volume }\n"),
        "EX0302",
        "5Gi",
        "write `storage` beside its `type`",
    ),
    (
        "an own volume that is only read",
        web!("    volumes: { data: { path: /data, read-only: true } }\n"),
        "EX0302",
        "true",
        "dependencies: { data: volume }",
    ),
    (
        "a mount without a path",
        web!("    volumes: { media: { read-only: true } }\ndependencies: { media: volume }\n"),
        "EX0103",
        "media",
        "path: /data",
    ),
    (
        "a shared volume below an own one",
        web!("    volumes: { data: /data, media: /data/media }\ndependencies: { media: volume }\n"),
        "EX0330",
        "/data/media",
        "lies in `/data`",
    ),
    (
        "a switch that is a text",
        web!("    volumes: { media: { path: /media, read-only: yes } }\ndependencies: { media: volume }\n"),
        "EX0102",
        "yes",
        "write `true`",
    ),
    (
        "a shared volume with a version",
        web!("    volumes: { media: /media }\ndependencies: { media: volume:2 }\n"),
        "EX0302",
        "2",
        "has no `version`",
    ),
    (
        "a shared volume with a processor",
        web!("    volumes: { media: /media }\ndependencies: { media: { type: volume, cpu: 2 } }\n"),
        "EX0302",
        "2",
        "storage",
    ),
    (
        "a shared volume that nobody mounts",
        web!("    port: 80\ndependencies: { media: volume }\n"),
        "EX0209",
        "media",
        "write `volumes: { media: /srv/media }`",
    ),
    (
        "the data of two",
        web!(
            "    volumes: { media: /media, other: /other }\ndependencies: { media: volume, other: { type: volume, was: media } }\n"
        ),
        "EX0203",
        "media",
        "the data of both would be one",
    ),
];
