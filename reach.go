package outcry

import "net/netip"

// Reach says to which addresses the server makes connections that others ask of
// it: to those of the public Internet, so that nobody reaches through the server
// what only the server can.
type Reach struct {
	// Loopback lets it reach its own machine too, for tests and demonstrations.
	Loopback bool
}

// closedRanges are public by their form and lead elsewhere: RFC 6890 and what
// the registries of special-purpose addresses have added to it.
var closedRanges = func() (all []closedRange) {
	for text, why := range map[string]string{
		"0.0.0.0/8":        "this network",
		"10.0.0.0/8":       "private",
		"100.64.0.0/10":    "shared by a provider's customers",
		"127.0.0.0/8":      "loopback",
		"168.63.129.16/32": "a cloud's own service",
		"169.254.0.0/16":   "link-local, where clouds keep metadata",
		"172.16.0.0/12":    "private",
		"192.0.0.0/24":     "kept for protocols",
		"192.0.2.0/24":     "for documentation",
		"192.88.99.0/24":   "a relay of 6to4",
		"192.168.0.0/16":   "private",
		"198.18.0.0/15":    "for benchmarks",
		"198.51.100.0/24":  "for documentation",
		"203.0.113.0/24":   "for documentation",
		"224.0.0.0/4":      "multicast",
		"240.0.0.0/4":      "reserved",
		"2001::/23":        "kept for protocols, Teredo among them",
		"2001:db8::/32":    "for documentation",
		"3fff::/20":        "for documentation",
	} {
		all = append(all, closedRange{netip.MustParsePrefix(text), why})
	}
	return all
}()

type closedRange struct {
	of  netip.Prefix
	why string
}

var (
	// globalUnicast is all of IPv6 that is given out.
	globalUnicast = netip.MustParsePrefix("2000::/3")
	// nat64 and sixToFour carry an address of IPv4 inside: RFC 6052, RFC 3056.
	nat64     = netip.MustParsePrefix("64:ff9b::/96")
	sixToFour = netip.MustParsePrefix("2002::/16")
)

// Refuses says why no connection is made to an address; "" where one may be. An
// address that carries one of IPv4 is judged by that.
func (r Reach) Refuses(a netip.Addr) string {
	if !a.IsValid() || a.Zone() != "" {
		return "no address of the public Internet"
	}
	a = carried(a)
	if r.Loopback && a.IsLoopback() {
		return ""
	}
	for _, c := range closedRanges {
		if c.of.Contains(a) {
			return c.why
		}
	}
	switch {
	case a.Is4() || globalUnicast.Contains(a):
		return ""
	case a.IsLoopback():
		return "loopback"
	case a.IsMulticast():
		return "multicast"
	}
	return "no address of the public Internet"
}

// carried is the address of IPv4 that one of IPv6 carries, or the address.
func carried(a netip.Addr) netip.Addr {
	a = a.Unmap()
	if !a.Is6() {
		return a
	}
	b := a.As16()
	switch {
	case nat64.Contains(a):
		return netip.AddrFrom4([4]byte(b[12:]))
	case sixToFour.Contains(a):
		return netip.AddrFrom4([4]byte(b[2:6]))
	}
	return a
}

// closedPorts are those above 1023 that browsers do not talk HTTP to either:
// https://fetch.spec.whatwg.org/#port-blocking.
var closedPorts = map[uint16]bool{
	1719: true, 1720: true, 1723: true, 2049: true, 3659: true, 4045: true, 4190: true, 5060: true, 5061: true, 6000: true,
	6566: true, 6665: true, 6666: true, 6667: true, 6668: true, 6669: true, 6679: true, 6697: true, 10080: true,
}

// RefusesPort says why no connection is made to a port; "" where one may be.
func (Reach) RefusesPort(port uint16) string {
	if port == 80 || port == 443 || port > 1023 && !closedPorts[port] {
		return ""
	}
	return "a port of another service; 443, or one above 1023"
}
