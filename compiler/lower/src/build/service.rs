//! Services: what they offer, and their nodes.

use super::door::{Opened, Opening, Way};
use super::health::asked_ports;
use super::job::Start;
use super::{Lowering, Site};
use crate::field::Look;
use crate::merge::Service;
use crate::resolve::Resolver;
use crate::scope::{Noun, Offer};
use crate::words::quoted;
use exoc_diagnostics::{Diagnostic, Failed, Sink, Span, codes};
use exoc_ir::{Door, Entrance, Id, Kind, Port};
use exoc_manifest::ast::{Field, ServiceLayer, ServiceType};

/// What a service's keys say about how it is reached.
#[derive(Clone, Debug)]
pub(crate) struct Reach {
    pub(crate) ports: Result<Vec<(Port, Span)>, Failed>,
    /// Its doors; none if it is not public.
    pub(crate) opened: Result<Option<Opened>, Failed>,
}

impl Reach {
    /// What others see of it.
    pub(crate) fn offer(&self) -> Offer {
        let ports = self.ports.as_ref().map_err(|failed| *failed);
        let public = self.opened.as_ref().map_err(|failed| *failed);
        Offer::Listens {
            ports: ports.map(|ports| ports.iter().map(|(port, _)| port.clone()).collect()),
            public: public.map(|opened| opened.as_ref().map(|opened| opened.public.clone())),
        }
    }
}

/// Finds out how the service `role` is reached, and whether its type agrees.
pub(crate) fn reach(role: &str, layer: &ServiceLayer, resolver: &mut Resolver<'_>) -> Reach {
    let ports = asked_ports(Noun::Service, role, layer, resolver.sink);
    let opened = way(layer, &ports, resolver.sink).and_then(|way| match (way, &ports) {
        (None, _) => Ok(None),
        (Some(_), Err(failed)) => Err(*failed),
        (Some(way), Ok(ports)) => resolver.doors(role, way, ports).map(Some),
    });
    // Without a port that the type or the route wants, nobody else asks for it.
    let missing = opened
        .as_ref()
        .err()
        .copied()
        .filter(|_| ports.as_ref().is_ok_and(Vec::is_empty));
    let ports = missing.map_or(ports, Err);
    Reach { ports, opened }
}

/// What makes a service public, if anything does. Reports a type that its other keys contradict.
fn way<'l>(
    layer: &'l ServiceLayer,
    ports: &Result<Vec<(Port, Span)>, Failed>,
    sink: &mut Sink,
) -> Result<Option<Way<'l>>, Failed> {
    let route = layer.route.known()?;
    let Some(kind) = layer.kind.known()? else {
        return Ok(route.map(Way::Written));
    };
    let written = layer.ports.set().map(|ports| ports.span);
    let silent = ports.is_err();
    let disagrees = |message: &str, other: Option<(Span, &str)>, help: &str| {
        let mut diagnostic = Diagnostic::new(codes::TYPE_DISAGREES, message).at(kind.span, "says otherwise");
        if let Some((span, label)) = other {
            diagnostic = diagnostic.also(span, label);
        }
        diagnostic.help(help)
    };
    let job = Start::of(layer)?;
    let fault = match (kind.value, route, written) {
        (ServiceType::Job, _, _) if job.is_some() => None,
        (ServiceType::Job, _, _) => Some(disagrees(
            "a job runs by a schedule or when it is told, and this one does neither",
            None,
            "write when it runs, as in `schedule: \"0 3 * * *\"` or `when: before-deploy`",
        )),
        (ServiceType::Public | ServiceType::Private | ServiceType::Worker, _, _) if let Some(job) = job => {
            Some(disagrees(
                "what runs and ends is a job",
                Some((job.span(), "makes it a job")),
                "remove `type`, which follows from the other keys",
            ))
        }
        (ServiceType::Public, _, Some(_))
        | (ServiceType::Private, None, Some(_))
        | (ServiceType::Worker, None, None) => None,
        (ServiceType::Public | ServiceType::Private, _, None) if silent => None,
        (ServiceType::Public, _, None) => Some(disagrees(
            "a public service listens on a port, and this one has none",
            route.map(|route| (route.span, "makes it public")),
            "write the port that it listens on, as in `port: 3000`",
        )),
        (ServiceType::Private, Some(route), _) => Some(disagrees(
            "a private service has no route",
            Some((route.span, "makes it public")),
            "remove `type`, which follows from the other keys, or remove `route`",
        )),
        (ServiceType::Private, None, None) => Some(disagrees(
            "a private service listens on a port, and this one has none",
            None,
            "write the port that it listens on, or `type: worker`",
        )),
        (ServiceType::Worker, Some(route), _) => Some(disagrees(
            "a worker has no route",
            Some((route.span, "makes it public")),
            "remove `type`, which follows from the other keys, or remove `route`",
        )),
        (ServiceType::Worker, None, Some(ports)) => Some(disagrees(
            "a worker listens on no port",
            Some((ports, "makes it private")),
            "remove `type`, which follows from the other keys, or remove the port",
        )),
    };
    if let Some(fault) = fault {
        return Err(sink.error(fault));
    }
    Ok(match (kind.value, route) {
        (_, Some(route)) => Some(Way::Written(route)),
        (ServiceType::Public, None) => Some(Way::Implied(kind.span)),
        (ServiceType::Private | ServiceType::Worker | ServiceType::Job, None) => None,
    })
}

impl Lowering<'_> {
    /// Makes the node of a service.
    pub(crate) fn service(
        &mut self,
        site: &Site<'_>,
        id: Id<exoc_ir::Service>,
        service: &Service,
        reach: &Reach,
        doors: &mut Vec<(Door, Span)>,
    ) -> exoc_ir::Service {
        if let Some(location) = &service.location {
            self.place(site, "location", location.span);
        }
        self.place_identity(site);
        let image = self.service_image(site, service);
        let mut workload = self.workload(site, Noun::Service, image, &reach.ports);
        let development = self.development(site, service, &mut workload);
        self.route_places(site);
        let public = reach.opened.as_ref().map_err(|failed| *failed).map(|opened| {
            opened
                .iter()
                .flat_map(|opened| &opened.doors)
                .any(|opening| match opening.entrance {
                    Entrance::Http { .. } => true,
                    Entrance::Plain { .. } => false,
                })
        });
        for Opening { port, entrance, at } in reach.opened.iter().flatten().flat_map(|opened| &opened.doors) {
            doors.push((
                Door {
                    service: id,
                    port: *port,
                    entrance: entrance.clone(),
                },
                *at,
            ));
        }
        let kind = match self.job(site) {
            Some(job) => Kind::Job(job),
            None if workload.ports.is_empty() => Kind::Worker,
            None => Kind::Server,
        };
        let scale = self.scale(site, public);
        let scale = self.alone(site, scale);
        exoc_ir::Service {
            role: site.role.to_owned(),
            identity: site.identity().to_owned(),
            kind,
            scale,
            workload,
            development,
        }
    }

    fn route_places(&mut self, site: &Site<'_>) {
        let Field::Set(route) = &site.layer.route else {
            return;
        };
        self.place(site, "route", route.span);
        let places = [
            ("route.path", route.path.set().map(|value| value.span)),
            ("route.host", route.host.set().map(|value| value.span)),
            ("route.port", route.port.set().map(|value| value.span)),
            ("route.strip", route.strip.set().map(|value| value.span)),
            ("route.timeout", route.timeout.set().map(|value| value.span)),
        ];
        for (field, at) in places {
            if let Some(at) = at {
                self.place(site, field, at);
            }
        }
    }

    /// Reports doors that match the same requests, and takes the later ones out.
    pub(crate) fn distinct(&mut self, roles: &[&str], doors: Vec<(Door, Span)>) -> Vec<(Door, Span)> {
        let mut kept: Vec<(Door, Span)> = Vec::new();
        for (door, at) in doors {
            match kept
                .iter()
                .find_map(|(first, first_at)| Some((clash(first, &door)?, first, *first_at)))
            {
                None => kept.push((door, at)),
                Some((what, first, first_at)) => {
                    let role = |door: &Door| roles.get(door.service.index()).copied().unwrap_or_default();
                    let (one, other) = (quoted(role(first)), quoted(role(&door)));
                    let message = if one == other {
                        format!("{one} has {what} twice")
                    } else {
                        format!("{one} and {other} both have {what}")
                    };
                    self.sink.error(
                        Diagnostic::new(codes::ROUTE_CLASH, message)
                            .at(at, format!("{other} is here as well"))
                            .also(first_at, format!("{one} is here"))
                            .help("give one of them another path, host or port"),
                    );
                }
            }
        }
        kept
    }
}

/// What two doors have in common, if they cannot both exist.
///
/// Without the host: it is another one in every environment, and the fault is the same.
fn clash(one: &Door, other: &Door) -> Option<String> {
    match (&one.entrance, &other.entrance) {
        (
            Entrance::Http {
                host,
                path,
                strip: _,
                timeout: _,
            },
            Entrance::Http {
                host: other_host,
                path: other_path,
                strip: _,
                timeout: _,
            },
        ) => (host == other_host && path == other_path)
            .then(|| format!("the path {} on one host", quoted(path))),
        (
            Entrance::Plain {
                number,
                transport,
                host: _,
            },
            Entrance::Plain {
                number: other_number,
                transport: other_transport,
                host: _,
            },
        ) => (number == other_number && transport == other_transport)
            .then(|| format!("the public port {number}")),
        (
            Entrance::Http {
                host,
                path: _,
                strip: _,
                timeout: _,
            },
            Entrance::Plain {
                host: other,
                number: _,
                transport: _,
            },
        )
        | (
            Entrance::Plain {
                host,
                number: _,
                transport: _,
            },
            Entrance::Http {
                host: other,
                path: _,
                strip: _,
                timeout: _,
            },
        ) => (host == other)
            .then(|| "one host, which leads to another balancer for HTTP than for other ports".to_owned()),
    }
}
