//! What the small probe container asks, read from its command line.

use super::{Probe, Value};

/// Something asked over the network: host, port, what, and after how many seconds it gives up.
pub(crate) struct Asked {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) probe: Probe,
    pub(crate) timeout: u64,
}

/// Reads the command line of busybox' `wget` or `nc`, without the word `CMD`.
pub(crate) fn asked(words: &[Value]) -> Result<Asked, String> {
    let words: Vec<String> = words.iter().map(plain).collect::<Result<_, _>>()?;
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let bad = || format!("not understood as a question over the network: {words:?}");
    match words.as_slice() {
        ["wget", options @ .., url] => {
            let timeout = after(options, "-T").ok_or_else(bad)?;
            if after(options, "-O") != Some("/dev/null") {
                return Err(bad());
            }
            let rest = url.strip_prefix("http://").ok_or_else(bad)?;
            let (address, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            let (host, port) = address.split_once(':').ok_or_else(bad)?;
            Ok(Asked {
                host: host.to_owned(),
                port: port.parse().map_err(|_| bad())?,
                probe: Probe::Http(path.to_owned()),
                timeout: timeout.parse().map_err(|_| bad())?,
            })
        }
        ["nc", "-w", timeout, host, port, "-e", "true"] => Ok(Asked {
            host: (*host).to_owned(),
            port: port.parse().map_err(|_| bad())?,
            probe: Probe::Tcp,
            timeout: timeout.parse().map_err(|_| bad())?,
        }),
        _ => Err(bad()),
    }
}

fn plain(value: &Value) -> Result<String, String> {
    match value.parts() {
        [] => Ok(String::new()),
        [super::Part::Text(text)] => Ok(text.clone()),
        _ => Err(format!("a probe's words are texts, not {value}")),
    }
}

fn after<'a>(words: &[&'a str], flag: &str) -> Option<&'a str> {
    let at = words.iter().position(|word| *word == flag)?;
    words.get(at + 1).copied()
}

#[cfg(test)]
mod tests {
    use super::{Probe, Value, asked};

    fn words(text: &str) -> Vec<Value> {
        text.split(' ').map(Value::text).collect()
    }

    #[test]
    fn both_questions_are_read() {
        let http =
            asked(&words("wget -q -T 3 -O /dev/null http://api:4000/healthz?x=1")).expect("a question");
        assert_eq!((http.host.as_str(), http.port, http.timeout), ("api", 4000, 3));
        assert_eq!(http.probe, Probe::Http("/healthz?x=1".into()));
        let tcp = asked(&words("nc -w 2 api 4000 -e true")).expect("a question");
        assert_eq!((tcp.port, tcp.probe), (4000, Probe::Tcp));
        assert!(asked(&words("nc -z api 4000")).is_err());
    }
}
