//! Whom a workload runs as, and what it may do.

use super::image::Source;
use super::{Lowering, Site};
use crate::field::Look;
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Span, Spanned, codes};
use exoc_ir::{Capabilities, User};
use exoc_manifest::ast::{self, Dockerfile, Field};
use std::collections::BTreeMap;

/// Whom a built image runs as unless its Dockerfile or the manifest says otherwise.
const BUILT_USER: u32 = 10001;

impl Lowering<'_> {
    /// The security of a component.
    pub(crate) fn security(&mut self, site: &Site<'_>, source: &Source<'_>) -> exoc_ir::Security {
        let unknown = User::Ids {
            user: BUILT_USER,
            group: BUILT_USER,
        };
        let nothing = Capabilities::Only([].into());
        let written = match &site.layer.security {
            Field::Set(security) => Some(security),
            Field::Absent | Field::Removed(_) => None,
            Field::Broken(_) => {
                return exoc_ir::Security {
                    user: unknown,
                    root_writable: false,
                    capabilities: nothing,
                    privileged: false,
                };
            }
        };
        self.security_places(site, written);
        if let Some(security) = written {
            self.capabilities(security);
        }
        let user = match written.map(|security| (&security.user, &security.group)) {
            Some((Field::Broken(_), _) | (_, Field::Broken(_))) => unknown,
            Some((Field::Set(user), group)) => {
                let group = group.set().map_or(user.value, |group| group.value);
                User::Ids {
                    user: user.value,
                    group,
                }
            }
            Some((Field::Absent | Field::Removed(_), group)) => {
                let removed = written.and_then(|security| security.user.removed());
                self.user_of(
                    site,
                    source,
                    group.set().map(|group| (group.value, group.span)),
                    removed,
                )
            }
            None => self.user_of(site, source, None, site.layer.security.removed()),
        };
        let root = matches!(user, User::Ids { user: 0, group: _ });
        let kept = written.and_then(|security| security.capabilities.set());
        let broken = written.is_some_and(|security| security.capabilities.broken().is_some());
        let capabilities = match kept {
            Some(kept) => Capabilities::Only(kept.value.iter().map(|kept| kept.value.clone()).collect()),
            None if root && !broken => Capabilities::Default,
            None => nothing,
        };
        let on = |field: Option<&Field<Spanned<bool>>>| {
            field.and_then(Look::set).is_some_and(|switch| switch.value)
        };
        exoc_ir::Security {
            user,
            root_writable: on(written.map(|security| &security.writable_filesystem)),
            capabilities,
            privileged: on(written.map(|security| &security.privileged)),
        }
    }

    /// Each capability once, and none beside what has them all.
    fn capabilities(&mut self, security: &ast::Security) {
        let Some(kept) = security.capabilities.set() else {
            return;
        };
        let mut seen: BTreeMap<&str, Span> = BTreeMap::new();
        for item in &kept.value {
            if let Some(first) = seen.insert(&item.value, item.span) {
                let message = format!("{} stands twice in `capabilities`", quoted(&item.value));
                self.sink.error(
                    Diagnostic::new(codes::NAME_CLASH, message)
                        .at(item.span, "listed again")
                        .also(first, "first listed here")
                        .help("remove one of the two"),
                );
            }
        }
        if let Some(privileged) = security.privileged.set().filter(|switch| switch.value) {
            self.sink.error(
                Diagnostic::new(
                    codes::CONFLICTING_KEYS,
                    "`capabilities` of a privileged container",
                )
                .at(kept.span, "changes nothing")
                .also(privileged.span, "has all capabilities")
                .help("remove one of the two; `capabilities: null` removes what a weaker layer says"),
            );
        }
    }

    fn security_places(&mut self, site: &Site<'_>, written: Option<&ast::Security>) {
        let Some(ast::Security {
            span,
            user,
            group,
            writable_filesystem,
            capabilities,
            privileged,
        }) = written
        else {
            return;
        };
        self.place(site, "security", *span);
        let places = [
            ("security.user", user.set().map(|value| value.span)),
            ("security.group", group.set().map(|value| value.span)),
            (
                "security.writable-filesystem",
                writable_filesystem.set().map(|value| value.span),
            ),
            (
                "security.capabilities",
                capabilities.set().map(|value| value.span),
            ),
            ("security.privileged", privileged.set().map(|value| value.span)),
        ];
        for (field, at) in places {
            if let Some(at) = at {
                self.place(site, field, at);
            }
        }
    }

    /// The user where the manifest names none.
    fn user_of(
        &mut self,
        site: &Site<'_>,
        source: &Source<'_>,
        group: Option<(u32, Span)>,
        removed: Option<Span>,
    ) -> User {
        let with = |user: u32, own: Option<u32>| User::Ids {
            user,
            group: group.map(|(group, _)| group).or(own).unwrap_or(user),
        };
        match source {
            Source::Unknown | Source::Built(None) => with(BUILT_USER, None),
            Source::Built(Some(dockerfile)) => match self.user_in(site, dockerfile) {
                Some((user, own)) => with(user, own),
                None => with(BUILT_USER, None),
            },
            Source::Registry(image) => {
                if self.surroundings.local && group.is_none() {
                    return User::FromImage;
                }
                let noun = site.noun();
                let (at, label) = match (removed, group) {
                    (Some(removed), _) => (removed, "removed here"),
                    (None, Some((_, group))) => (group, "a group without a user"),
                    (None, None) => (*image, "an image from a registry does not tell its user"),
                };
                self.sink.error(
                    Diagnostic::new(codes::UNKNOWN_USER, format!("{noun} does not say its user"))
                        .at(at, label)
                        .help("write the number that the image runs as: `security: { user: 1000 }`")
                        .help("`security: { user: root }` if it must be root"),
                );
                with(BUILT_USER, None)
            }
        }
    }

    /// The numbers of a Dockerfile's last `USER`.
    fn user_in(&mut self, site: &Site<'_>, dockerfile: &Dockerfile) -> Option<(u32, Option<u32>)> {
        let user = dockerfile.user.as_ref()?;
        let (name, group) = match user.value.split_once(':') {
            Some((name, group)) => (name, Some(group)),
            None => (user.value.as_str(), None),
        };
        let numbers = match group {
            None => name.parse::<u32>().ok().map(|user| (user, None)),
            Some(group) => name
                .parse::<u32>()
                .ok()
                .zip(group.parse::<u32>().ok())
                .map(|(u, g)| (u, Some(g))),
        };
        if numbers.is_none() {
            let (noun, said) = (site.noun(), quoted(&user.value));
            let number = if name == "root" || name == "0" {
                "root"
            } else {
                "1000"
            };
            let (is, label) = if user.value.contains('$') {
                ("a variable", "known only while the image is built")
            } else if name.bytes().all(|byte| byte.is_ascii_digit()) && name.parse::<u32>().is_ok() {
                ("of a group with a name", "not known outside the image")
            } else {
                ("a name", "not known outside the image")
            };
            self.sink.error(
                Diagnostic::new(codes::NAMED_USER, format!("the Dockerfile's user {said} is {is}"))
                    .at(user.span, label)
                    .also(site.key, format!("{noun} runs this image"))
                    .help(format!(
                        "say the number to the service: `security: {{ user: {number} }}`"
                    ))
                    .help("or write the number behind `USER`"),
            );
        }
        numbers
    }
}
