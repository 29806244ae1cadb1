//! Managed products: which product of AWS stands for each, and what all of them have.

mod attribute;
mod broker;
mod cache;
mod check;
mod database;
mod documents;
mod note;
mod reserved;
mod search;
mod settings;
mod store;
mod stream;

use super::Context;
use super::edges::Rules;
use super::secrets::Ledger;
use crate::model::{Composed, Content, Lines, Password, Product, Rental, SecretName, StoredSecret, Text};
use crate::names::address;
use crate::rented::{Rented, rented};
use exoc_diagnostics::{Sink, Span};
use exoc_ir::{Attribute, Backing, Component, Engine, Id, Managed, NodeId};

pub(super) use attribute::{is_rotated, password_address, pieces, resource, url_address};

/// One managed backing, taken apart.
struct Subject<'a> {
    id: Id<Backing>,
    role: &'a str,
    identity: &'a str,
    managed: &'a Managed,
}

/// Plans all managed products.
pub(super) fn plan(context: &Context<'_>, rules: &Rules, ledger: &Ledger, sink: &mut Sink) -> Vec<Product> {
    let mut products = Vec::new();
    for (id, backing) in context.program.backings().iter() {
        let Backing {
            role,
            identity,
            engine,
        } = backing;
        let managed = match engine {
            Engine::Managed(managed) => managed,
            Engine::Container(_) | Engine::External(_) | Engine::Existing(_) => continue,
        };
        let subject = Subject {
            id,
            role,
            identity,
            managed,
        };
        // What is not rented was refused by the feature table.
        let rental = rented(managed.product).and_then(|kind| rental(context, &subject, kind, sink));
        products.extend(rental.map(|rental| product(context, &subject, rules, ledger, rental)));
    }
    products
}

fn rental(context: &Context<'_>, subject: &Subject<'_>, kind: Rented, sink: &mut Sink) -> Option<Rental> {
    match kind {
        Rented::Database => database::plan(context, subject, sink).map(Rental::Database),
        Rented::Documents => documents::plan(context, subject, sink).map(Rental::Documents),
        Rented::Cache => cache::plan(context, subject, sink).map(Rental::Cache),
        Rented::Memcached => cache::memcached(context, subject, sink).map(Rental::Memcached),
        Rented::Broker => broker::plan(context, subject, sink).map(Rental::Broker),
        Rented::Stream => stream::plan(context, subject, sink).map(Rental::Stream),
        Rented::Search => search::plan(context, subject, sink).map(Rental::Search),
        Rented::Bucket => Some(Rental::Bucket(store::bucket(context, subject, sink))),
        Rented::Queue => Some(Rental::Queue(store::queue(context, subject, sink))),
        Rented::Topic => Some(Rental::Topic(store::topic(context, subject, sink))),
    }
}

/// What every product has, whichever it is.
fn product(
    context: &Context<'_>,
    subject: &Subject<'_>,
    rules: &Rules,
    ledger: &Ledger,
    rental: Rental,
) -> Product {
    let component = Component::Backing(subject.id);
    Product {
        role: subject.role.to_owned(),
        identity: subject.identity.to_owned(),
        lines: context.lines_of(component, &[]),
        server_lines: server_lines(context, subject),
        address: address(subject.role),
        name_prefix: format!("{}-", context.names.whole(&[subject.identity])),
        password: password(context, subject, ledger, &rental),
        url: url(context, subject, ledger),
        rules: rules.get(&component).cloned().unwrap_or_default(),
        rental,
    }
}

/// The product, and what decides its size and version.
fn server_lines(context: &Context<'_>, subject: &Subject<'_>) -> Lines {
    let fields = [
        "version",
        "cpu",
        "memory",
        "storage",
        "availability",
        "backups",
        "parameters",
    ];
    context.lines_of(Component::Backing(subject.id), &fields)
}

fn password(
    context: &Context<'_>,
    subject: &Subject<'_>,
    ledger: &Ledger,
    rental: &Rental,
) -> Option<Password> {
    let (random, key) = (address(subject.role), subject.role.to_owned());
    let own = password_address(context, subject.id);
    let composed = ledger.composed_of.contains(&own);
    let (content, read_back) = match rental {
        // The server takes what was stored, and not what was drawn in this run.
        Rental::Database(_) | Rental::Documents(_) | Rental::Stream(_) => {
            (Content::Generated { random, key }, true)
        }
        Rental::Cache(_) | Rental::Search(_) => (Content::InState { random, key }, composed),
        Rental::Broker(_) => (Content::Fixed { random }, composed),
        Rental::Memcached(_) | Rental::Bucket(_) | Rental::Queue(_) | Rental::Topic(_) => return None,
    };
    Some(Password {
        secret: StoredSecret {
            address: own,
            name: secret_name(context, subject, "password"),
            description: format!("Password of {}", subject.role),
            content,
            lines: context.lines_of(Component::Backing(subject.id), &[]),
        },
        read_back,
    })
}

fn secret_name(context: &Context<'_>, subject: &Subject<'_>, part: &str) -> SecretName {
    SecretName::Prefix(format!("{}-", context.names.path(&[subject.identity, part])))
}

fn url(context: &Context<'_>, subject: &Subject<'_>, ledger: &Ledger) -> Option<StoredSecret> {
    let own = url_address(context, subject.id);
    ledger.urls.get(&subject.id).map(|wanted| StoredSecret {
        address: own.clone(),
        name: secret_name(context, subject, "url"),
        description: format!("URL of {}, with its password", subject.role),
        content: Content::Composed {
            local: own,
            composed: Composed::Whole(Text {
                pieces: pieces(context, subject.id, Attribute::Url),
            }),
        },
        lines: context.lines(wanted.iter().copied()),
    })
}

impl Subject<'_> {
    /// Where a field was written; the dependency itself if it was not.
    fn at(&self, context: &Context<'_>, field: &str) -> Span {
        context.program.at(NodeId::Backing(self.id), field)
    }

    /// A name in AWS, held to a limit.
    fn name(&self, context: &Context<'_>, limit: usize, sink: &mut Sink) -> String {
        self.name_with(context, &[], limit, sink)
    }

    /// The same with more behind it.
    fn name_with(&self, context: &Context<'_>, more: &[&str], limit: usize, sink: &mut Sink) -> String {
        let parts: Vec<&str> = std::iter::once(self.identity)
            .chain(more.iter().copied())
            .collect();
        context.names.within(&parts, limit, self.at(context, ""), sink)
    }
}
