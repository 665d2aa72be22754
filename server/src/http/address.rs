//! From where a request comes.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::Extensions;
use axum::http::HeaderMap;

use crate::settings::Settings;

/// The caller's address: the socket's, or behind a proxy the last one in `X-Forwarded-For`, which is the one that
/// the proxy itself wrote.
pub(crate) fn of(settings: &Settings, headers: &HeaderMap, extensions: &Extensions) -> IpAddr {
    if settings.behind_proxy {
        let last = headers.get_all("x-forwarded-for").iter().next_back();
        let text = last.and_then(|value| value.to_str().ok()).and_then(|list| list.rsplit(',').next());
        if let Some(address) = text.and_then(|text| parse(text.trim())) {
            return address;
        }
    }
    let socket = extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(socket)| socket.ip());
    socket.unwrap_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
}

fn parse(text: &str) -> Option<IpAddr> {
    let bare = || text.trim_start_matches('[').trim_end_matches(']').parse().ok();
    text.parse::<SocketAddr>().ok().map(|socket| socket.ip()).or_else(bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_proxy_is_believed() {
        let mut headers = HeaderMap::new();
        headers.append("x-forwarded-for", "203.0.113.9, 198.51.100.7".parse().unwrap());
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::from(([192, 0, 2, 1], 5))));
        let direct = Settings::default();
        let proxied = Settings { behind_proxy: true, ..Settings::default() };
        assert_eq!(of(&direct, &headers, &extensions), IpAddr::from([192, 0, 2, 1]));
        assert_eq!(of(&proxied, &headers, &extensions), IpAddr::from([198, 51, 100, 7]));
        assert_eq!(of(&proxied, &HeaderMap::new(), &extensions), IpAddr::from([192, 0, 2, 1]));
        assert_eq!(parse("[2001:db8::1]:443"), "2001:db8::1".parse().ok());
        assert_eq!(parse("2001:db8::1"), "2001:db8::1".parse().ok());
        assert_eq!(parse("unknown"), None);
    }
}
