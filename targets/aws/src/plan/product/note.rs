//! Notes about products: what was picked, and what differs from what the manifest's word promises.

use super::{Context, Subject};
use crate::plan::notes::at_fields;
use crate::sizes::Class;
use exoc_diagnostics::{Code, Diagnostic, Sink, codes};
use exoc_ir::{Availability, NodeId};

/// Says which class was picked and with which storage; gives the words of the comment above the server.
pub(super) fn picked(
    context: &Context<'_>,
    subject: &Subject<'_>,
    class: Class,
    storage: &str,
    sink: &mut Sink,
) -> String {
    let size = format!("{} ({}, {})", class.name, class.cores_in_words(), class.memory());
    let help = if is_alone_in_production(context, subject) {
        "other numbers for `cpu`, `memory` and `storage` pick another; `availability: high` adds a second server in another zone"
    } else {
        "other numbers for `cpu`, `memory` and `storage` pick another"
    };
    let note = Diagnostic::new(
        codes::PRODUCT,
        format!("`{}` becomes {size}{storage}", subject.role),
    )
    .help(help);
    sink.report(at_fields(
        context,
        NodeId::Backing(subject.id),
        &["cpu", "memory", "storage"],
        note,
    ));
    let exoc_ir::Resources { cpu, memory } = subject.managed.resources;
    format!("{size} is the smallest for cpu {cpu} and memory {memory}.")
}

/// Says of a product without a size that the numbers that are written pick nothing.
pub(super) fn sizeless(context: &Context<'_>, subject: &Subject<'_>, what: &str, sink: &mut Sink) {
    let fields = ["cpu", "memory", "storage"];
    let whole = subject.at(context, "");
    if fields.iter().all(|field| subject.at(context, field) == whole) {
        return;
    }
    let note = Diagnostic::new(
        codes::PRODUCT,
        format!(
            "`{}` becomes {what}, which takes as much as it is given",
            subject.role
        ),
    )
    .help("`cpu`, `memory` and `storage` pick nothing here; they count where an image runs");
    sink.report(at_fields(context, NodeId::Backing(subject.id), &fields, note));
}

/// Says that an image that is written does not run, because AWS has the product.
pub(super) fn no_image(context: &Context<'_>, subject: &Subject<'_>, sink: &mut Sink) {
    if subject.managed.image.is_some() {
        let note = Diagnostic::new(
            codes::PRODUCT,
            format!("aws rents `{}` and runs no image for it", subject.role),
        )
        .at(subject.at(context, "image"), "")
        .help("`image` counts where the product is none of the target's own; `type: container` runs it everywhere");
        sink.report(note);
    }
}

/// One server is a risk where people come in.
fn is_alone_in_production(context: &Context<'_>, subject: &Subject<'_>) -> bool {
    match subject.managed.availability {
        Availability::Single => context.program.environment().domain.is_some(),
        Availability::High => false,
    }
}

/// Says that the state holds a password, and where else it does not stand.
pub(super) fn state_password(context: &Context<'_>, subject: &Subject<'_>, more: &str, sink: &mut Sink) {
    let message = format!(
        "the password of `{}` stands in Terraform's state, which is encrypted",
        subject.role
    );
    let help = format!("whoever may read the state's bucket can read the password{more}");
    say(context, subject, codes::STATE_PASSWORD, &message, &help, sink);
}

/// A note at the dependency.
pub(super) fn say(
    context: &Context<'_>,
    subject: &Subject<'_>,
    code: &'static Code,
    message: &str,
    help: &str,
    sink: &mut Sink,
) {
    sink.report(
        Diagnostic::new(code, message)
            .at(subject.at(context, ""), "")
            .help(help),
    );
}
