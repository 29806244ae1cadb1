//! The keys of a service that are mappings of keys of their own: two layers of each become one, key by key.

use crate::field::{Look, one_of, replace, table};
use exoc_diagnostics::Spanned;
use exoc_manifest::ast::{Build, Field, File, Health, Route, Scale, Security, Volume};

pub(super) fn build(weaker: &Build, stronger: &Build) -> Build {
    let Build {
        span,
        context,
        dockerfile,
        stage,
        args,
        platforms,
    } = stronger;
    Build {
        span: *span,
        context: replace(&weaker.context, context),
        dockerfile: replace(&weaker.dockerfile, dockerfile),
        stage: replace(&weaker.stage, stage),
        args: table(&weaker.args, args, replace),
        platforms: replace(&weaker.platforms, platforms),
    }
}

pub(super) fn route(weaker: &Route, stronger: &Route) -> Route {
    let Route {
        span,
        path,
        host,
        port,
        strip,
        timeout,
    } = stronger;
    Route {
        span: *span,
        path: replace(&weaker.path, path),
        host: replace(&weaker.host, host),
        port: replace(&weaker.port, port),
        strip: replace(&weaker.strip, strip),
        timeout: replace(&weaker.timeout, timeout),
    }
}

pub(super) fn health(weaker: &Health, stronger: &Health) -> Health {
    let Health {
        span,
        question,
        port,
        interval,
        timeout,
        retries,
        start,
    } = stronger;
    Health {
        span: *span,
        question: replace(&weaker.question, question),
        port: replace(&weaker.port, port),
        interval: replace(&weaker.interval, interval),
        timeout: replace(&weaker.timeout, timeout),
        retries: replace(&weaker.retries, retries),
        start: replace(&weaker.start, start),
    }
}

/// A stronger layer that fixes the number drops the goals of a weaker one, which would have nothing to decide.
pub(super) fn scale(weaker: &Scale, stronger: &Scale) -> Scale {
    let Scale {
        span,
        min,
        max,
        cpu,
        memory,
        requests,
        overlap,
    } = stronger;
    let fixed = match (min.set(), max.set()) {
        (Some(min), Some(max)) => min.value == max.value,
        (None, _) | (_, None) => false,
    };
    let goal = |weaker: &Field<Spanned<u32>>, stronger: &Field<Spanned<u32>>| {
        if fixed {
            stronger.clone()
        } else {
            replace(weaker, stronger)
        }
    };
    Scale {
        span: *span,
        min: replace(&weaker.min, min),
        max: replace(&weaker.max, max),
        cpu: goal(&weaker.cpu, cpu),
        memory: goal(&weaker.memory, memory),
        requests: goal(&weaker.requests, requests),
        overlap: replace(&weaker.overlap, overlap),
    }
}

pub(super) fn volume(weaker: &Volume, stronger: &Volume) -> Volume {
    let Volume {
        span,
        path,
        size,
        read_only,
    } = stronger;
    Volume {
        span: *span,
        path: replace(&weaker.path, path),
        size: replace(&weaker.size, size),
        read_only: replace(&weaker.read_only, read_only),
    }
}

pub(super) fn file(weaker: &File, stronger: &File) -> File {
    let File {
        span,
        source,
        content,
        executable,
    } = stronger;
    File {
        span: *span,
        source: one_of(&weaker.source, source, content),
        content: one_of(&weaker.content, content, source),
        executable: replace(&weaker.executable, executable),
    }
}

pub(super) fn security(weaker: &Security, stronger: &Security) -> Security {
    let Security {
        span,
        user,
        group,
        writable_filesystem,
        capabilities,
        privileged,
    } = stronger;
    Security {
        span: *span,
        user: replace(&weaker.user, user),
        group: replace(&weaker.group, group),
        writable_filesystem: replace(&weaker.writable_filesystem, writable_filesystem),
        capabilities: replace(&weaker.capabilities, capabilities),
        privileged: replace(&weaker.privileged, privileged),
    }
}
