//! Applications whose fault stands in one layer, and the layer that a place lies in.

use exoc_diagnostics::{SourceMap, Span};

/// An application with one service, whose service.yml has these further keys.
macro_rules! service {
    ($($keys:literal),*) => {
        &[
            ("application.yml", "name: shop\nservices: { web: ./web }\n"),
            (
                "web/service.yml",
                concat!("image: example/web:1.0\nsecurity: { user: 101 }\n", $($keys),*),
            ),
        ]
    };
}

/// The same, beside these further lines of application.yml.
macro_rules! service_of {
    ($application:literal, $keys:literal) => {
        &[
            ("application.yml", concat!("name: shop\n", $application)),
            (
                "web/service.yml",
                concat!("image: example/web:1.0\nsecurity: { user: 101 }\n", $keys),
            ),
        ]
    };
}

/// An application with one service, whose entry goes on like this, and these keys of it in `production`.
macro_rules! overlay {
    ($web:literal, $keys:literal) => {
        app!(
            "services:\n  web:\n    image: example/web:1.0\n    security: { user: 101 }\n",
            $web,
            "environments:\n  production:\n    registry: ghcr.io/acme\n    domain: shop.example.com\n    services:\n      \
             web:\n",
            $keys
        )
    };
}

/// Where a manifest says something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Layer {
    /// A file in the folder of a service.
    Service,
    /// application.yml, but for its environments.
    Application,
    /// An environment of application.yml.
    Overlay,
}

impl Layer {
    pub(crate) const ALL: [Self; 3] = [Self::Service, Self::Application, Self::Overlay];

    /// The layer's word in `checks.tsv`.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Application => "application",
            Self::Overlay => "overlay",
        }
    }

    /// The layer that a place lies in. Rows write `environments` last, at the start of a line.
    pub(crate) fn of(span: Span, map: &SourceMap) -> Option<Self> {
        let file = map.file(span.source)?;
        if file.path.as_str() != "application.yml" {
            return Some(Self::Service);
        }
        let overlays = file.text.find("\nenvironments:").unwrap_or(file.text.len());
        Some(if span.start as usize > overlays {
            Self::Overlay
        } else {
            Self::Application
        })
    }
}
