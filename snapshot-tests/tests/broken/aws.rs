//! What AWS cannot be told: options of its target, each told at the option.

use crate::rows::Row;
use crate::{compiled, said};

/// An application with one public service and these options of the target.
macro_rules! aws {
    ($options:literal) => {
        aws!($options, "")
    };
    ($options:literal, $keys:literal) => {
        app!(
            "services:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n    port: 80\n    route: /\n",
            $keys,
            "environments:\n  production:\n    domain: shop.example.com\n    targets:\n      aws: {",
            $options,
            "}\n"
        )
    };
}

pub(crate) const AWS: &[Row] = &[
    (
        "aws: a public port of udp without one of tcp",
        app!(
            "services:\n  game:\n    image: example/game:1.0\n    security: { user: 101 }\n    ports: [{ name: a, port: 7777, protocol: udp \
             }]\n    route: {}\nenvironments:\n  production:\n    domain: shop.example.com\n    targets: { aws: { region: eu-central-1, \
             account: \"123456789012\" } }\n"
        ),
        "EX0401",
        "{}",
    ),
    (
        "aws: two services on one public number",
        app!(
            "services:\n  a:\n    image: example/a:1.0\n    security: { user: 101 }\n    ports: [{ name: a, port: 5300, protocol: tcp }]\n    \
             route: {}\n  b:\n    image: example/b:1.0\n    security: { user: 101 }\n    ports: [{ name: x, port: 5300, protocol: udp }, { \
             name: z, port: 5301, protocol: tcp }]\n    route: { port: x }\nenvironments:\n  production:\n    domain: \
             shop.example.com\n    targets: { aws: { region: eu-central-1, account: \"123456789012\" } }\n"
        ),
        "EX0401",
        "{ port: x }",
    ),
    (
        "aws: spare capacity for a role that no service has",
        aws!("region: eu-central-1, account: \"123456789012\", spot: [wbe]"),
        "EX0402",
        "wbe",
    ),
    (
        "aws: a registry that no image comes from",
        aws!(
            "region: eu-central-1, account: \"123456789012\", registries: { quay.io: \
             \"arn:aws:secretsmanager:eu-central-1:123456789012:secret:quay-AbCdEf\" }"
        ),
        "EX0402",
        "quay.io",
    ),
    (
        "aws: a login of another region",
        aws!(
            "region: eu-central-1, account: \"123456789012\", registries: { docker.io: \
             \"arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub-AbCdEf\" }"
        ),
        "EX0402",
        "\"arn:aws:secretsmanager:eu-west-1:123456789012:secret:hub-AbCdEf\"",
    ),
    (
        "aws: an address of e-mail that is none",
        aws!("region: eu-central-1, account: \"123456789012\", alarm-emails: [operations]"),
        "EX0402",
        "operations",
    ),
    (
        "aws: a region that does not exist",
        aws!("region: eu-central-9, account: \"123456789012\""),
        "EX0402",
        "eu-central-9",
    ),
    (
        "aws: a zone of another region",
        aws!("region: eu-central-1, account: \"123456789012\", zones: [eu-central-1a, eu-west-1b]"),
        "EX0402",
        "eu-west-1b",
    ),
    (
        "aws: more zones than a network of ours has",
        aws!(
            "region: us-east-1, account: \"123456789012\", zones: [us-east-1a, us-east-1b, us-east-1c, us-east-1d]"
        ),
        "EX0402",
        "[us-east-1a, us-east-1b, us-east-1c, us-east-1d]",
    ),
    (
        "aws: a range with a number too large",
        aws!("region: eu-central-1, account: \"123456789012\", cidr: 10.300.0.0/16"),
        "EX0402",
        "10.300.0.0/16",
    ),
    (
        "aws: a range with bits behind its size",
        aws!("region: eu-central-1, account: \"123456789012\", cidr: 10.0.1.0/16"),
        "EX0402",
        "10.0.1.0/16",
    ),
    (
        "aws: a range too small for a load balancer",
        aws!("region: eu-central-1, account: \"123456789012\", cidr: 10.0.0.0/24"),
        "EX0402",
        "10.0.0.0/24",
    ),
    (
        "aws: a range too small for the tasks",
        aws!(
            "region: eu-central-1, account: \"123456789012\", cidr: 10.0.0.0/23",
            "    scale: 40\n"
        ),
        "EX0402",
        "10.0.0.0/23",
    ),
    (
        "aws: public tasks with a gateway for private ones",
        aws!("region: eu-central-1, account: \"123456789012\", tasks: public, nat: single"),
        "EX0402",
        "single",
    ),
    (
        "aws: a network that exists without a namespace",
        aws!(
            "region: eu-central-1, account: \"123456789012\", vpc: { id: vpc-0a1b2c3d, private: [subnet-0a1b2c3d, subnet-0a1b2c3e] }"
        ),
        "EX0402",
        "{ id: vpc-0a1b2c3d, private: [subnet-0a1b2c3d, subnet-0a1b2c3e] }",
    ),
    (
        "aws: a namespace without a network",
        aws!("region: eu-central-1, account: \"123456789012\", namespace: ns-abcdefgh12345678"),
        "EX0402",
        "ns-abcdefgh12345678",
    ),
    (
        "aws: a network that exists and is shaped",
        aws!(
            "region: eu-central-1, account: \"123456789012\", nat: none, namespace: ns-abcdefgh12345678, vpc: { id: vpc-0a1b2c3d, \
             public: [subnet-0a1b2c31, subnet-0a1b2c32], private: [subnet-0a1b2c3d, subnet-0a1b2c3e] }"
        ),
        "EX0402",
        "none",
    ),
    (
        "aws: a network that exists without a place for the load balancer",
        aws!(
            "region: eu-central-1, account: \"123456789012\", namespace: ns-abcdefgh12345678, vpc: { id: vpc-0a1b2c3d, private: \
             [subnet-0a1b2c3d, subnet-0a1b2c3e] }"
        ),
        "EX0402",
        "{ id: vpc-0a1b2c3d, private: [subnet-0a1b2c3d, subnet-0a1b2c3e] }",
    ),
    (
        "aws: a load balancer that exists without its network",
        aws!(
            "region: eu-central-1, account: \"123456789012\", load-balancer: { listener: \
             \"arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/x/50dc6c49/f2f7dc8e\", security-group: \
             sg-0a1b2c3d }"
        ),
        "EX0402",
        "{ listener: \"arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/x/50dc6c49/f2f7dc8e\", security-group: \
         sg-0a1b2c3d }",
    ),
    (
        "aws: a certificate of another region",
        aws!(
            "region: eu-central-1, account: \"123456789012\", certificate: \
             \"arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012\""
        ),
        "EX0402",
        "\"arn:aws:acm:us-east-1:123456789012:certificate/12345678-1234-1234-1234-123456789012\"",
    ),
    (
        "aws: a zone twice",
        aws!("region: eu-central-1, account: \"123456789012\", zone: [example.com, { make: example.com }]"),
        "EX0402",
        "{ make: example.com }",
    ),
    (
        "aws: a host outside of the zones",
        aws!("region: eu-central-1, account: \"123456789012\", zone: example.org"),
        "EX0402",
        "example.org",
    ),
    (
        "aws: an account with eleven digits",
        aws!("region: eu-central-1, account: \"12345678901\""),
        "EX0402",
        "\"12345678901\"",
    ),
    (
        "aws: a schedule on a day that never comes",
        app!(
            "services:\n  report:\n    image: example/report:1.0\n    security: { user: 101 }\n    schedule: \"0 3 30 2 *\"\n\
             environments:\n  production:\n    targets: { aws: { region: eu-central-1, account: \"123456789012\" } }\n"
        ),
        "EX0322",
        "30",
    ),
    (
        "aws: a domain of two environments",
        app!(
            "services:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n    port: 80\n    route: /\n\
             environments:\n  staging:\n    domain: shop.example.com\n    targets: { aws: { region: eu-central-1, account: \
             \"123456789012\" } }\n  production:\n    domain: shop.example.com\n    targets: { aws: { region: eu-central-1, \
             account: \"123456789012\" } }\n"
        ),
        "EX0325",
        "shop.example.com",
    ),
    (
        "aws: a host of two environments, written once",
        app!(
            "services:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n    port: 80\n    \
             route: { host: www.example.org }\nenvironments:\n  staging:\n    domain: staging.example.com\n    \
             targets: { aws: { region: eu-central-1, account: \"123456789012\" } }\n  production:\n    domain: shop.example.com\n    \
             targets: { aws: { region: eu-central-1, account: \"123456789012\" } }\n"
        ),
        "EX0325",
        "www.example.org",
    ),
    (
        "aws: a host that is too long for a certificate",
        app!(
            "services:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n    port: 80\n    \
             route: { host: \"a-host-with-a-long-name.of-a-department-with-a-longer-name.example.com\" }\nenvironments:\n  \
             production:\n    targets: { aws: { region: eu-central-1, account: \"123456789012\" } }\n"
        ),
        "EX0406",
        "\"a-host-with-a-long-name.of-a-department-with-a-longer-name.example.com\"",
    ),
];

#[test]
fn a_variable_that_hcl_would_change_is_an_error_and_not_only_a_warning() {
    let (diagnostics, map) = compiled(app!(
        "services:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n    environment: { TOWN: \"Zu\\u0308rich\" }\n\
         environments:\n  production:\n    targets: { aws: { region: eu-central-1, account: \"123456789012\" } }\n"
    ));
    let at = "\"Zu\\u0308rich\"";
    assert_eq!(
        said(&diagnostics, &map),
        [
            ("EX0114", "application.yml", at),
            ("EX0401", "application.yml", at)
        ]
    );
}

#[test]
fn a_name_of_two_environments_is_shown_in_both() {
    let (diagnostics, map) = compiled(app!(
        "services:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n    port: 80\n    route: { host: \"www.${env.domain}\" }\n\
         environments:\n  a:\n    domain: shop.example.com\n    targets: { aws: { region: eu-central-1, account: \
         \"123456789012\" } }\n  b:\n    domain: example.com\n    services: { web: { route: { host: www.shop.example.com } } }\n    \
         targets: { aws: { region: eu-central-1, account: \"123456789012\" } }\n"
    ));
    let clash = diagnostics
        .iter()
        .find(|found| found.code.id == "EX0325")
        .unwrap();
    let labels = clash.primary.iter().chain(&clash.secondary);
    let lines: Vec<_> = labels.map(|label| map.start(label.span).unwrap().line).collect();
    assert_eq!(
        lines,
        [14, 7],
        "{}",
        exoc_snapshot_tests::concise(&diagnostics, &map)
    );
}

#[test]
fn environments_that_make_no_records_share_a_name() {
    let (diagnostics, map) = compiled(app!(
        "services:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n    port: 80\n    route: /\n\
         environments:\n  preview:\n    domain: shop.example.com\n    targets: { compose: {} }\n  production:\n    \
         domain: shop.example.com\n    targets: { aws: { region: eu-central-1, account: \"123456789012\" } }\n"
    ));
    assert_eq!(said(&diagnostics, &map), []);
}
