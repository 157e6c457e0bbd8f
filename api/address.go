package api

import (
	"net/http"
	"net/netip"
)

// address is where a call comes from, as bounds count it: an IPv4 address, or
// the /64 network of an IPv6 one, since one caller has all of that. What a proxy
// says of others is not believed.
func address(r *http.Request) string {
	at, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return "unknown"
	}
	ip := at.Addr().Unmap()
	if ip.Is4() {
		return ip.String()
	}
	network, err := ip.Prefix(64)
	if err != nil {
		return "unknown"
	}
	return network.Masked().Addr().String() + "/64"
}
