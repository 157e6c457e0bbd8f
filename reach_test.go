package outcry_test

import (
	"net/netip"
	"testing"

	"outcry"
)

func TestReach_OnlyThePublicInternet(t *testing.T) {
	t.Parallel()
	for address, open := range map[string]bool{
		// The public Internet.
		"1.1.1.1": true, "8.8.8.8": true, "93.184.215.14": true, "172.15.255.255": true, "172.32.0.0": true, "100.63.255.255": true,
		"100.128.0.0": true, "198.17.255.255": true, "198.20.0.0": true, "223.255.255.255": true, "168.63.129.15": true,
		"2606:4700::1111": true, "2a00:1450:4001:81b::200e": true, "2001:4860:4860::8888": true,
		// Its own machine, its network, its cloud.
		"0.0.0.0": false, "0.1.2.3": false, "127.0.0.1": false, "127.255.255.254": false, "10.0.0.1": false, "10.255.255.255": false,
		"172.16.0.1": false, "172.31.255.255": false, "192.168.0.1": false, "100.64.0.1": false, "100.100.100.200": false,
		"100.127.255.255": false, "169.254.0.1": false, "169.254.169.254": false, "169.254.170.2": false, "168.63.129.16": false,
		"192.0.0.192": false, "192.0.2.1": false, "192.88.99.1": false, "198.18.0.1": false, "198.19.255.255": false,
		"198.51.100.1": false, "203.0.113.9": false, "224.0.0.1": false, "239.255.255.255": false, "240.0.0.1": false, "255.255.255.255": false,
		"::": false, "::1": false, "fe80::1": false, "fec0::1": false, "fc00::1": false, "fd00:ec2::254": false, "fd20:ce::254": false,
		"ff02::1": false, "100::1": false, "2001:db8::1": false, "3fff::1": false, "2001::1": false, "2001:20::1": false, "5f00::1": false,
		"fe80::1%eth0": false, "2606:4700::1111%eth0": false,
		// IPv4 inside IPv6.
		"::ffff:1.1.1.1": true, "::ffff:127.0.0.1": false, "::ffff:10.0.0.1": false, "::ffff:169.254.169.254": false,
		"::127.0.0.1": false, "::10.0.0.1": false, "::ffff:0:127.0.0.1": false,
		"64:ff9b::1.1.1.1": true, "64:ff9b::127.0.0.1": false, "64:ff9b::a9fe:a9fe": false, "64:ff9b:1::1.1.1.1": false,
		"2002:101:101::1": true, "2002:7f00:1::": false, "2002:a9fe:a9fe::1": false, "2002:c0a8:1::1": false,
	} {
		if why := (outcry.Reach{}).Refuses(netip.MustParseAddr(address)); (why == "") != open {
			t.Errorf("%s is refused for %q, want open %v", address, why, open)
		}
	}
	if (outcry.Reach{}).Refuses(netip.Addr{}) == "" {
		t.Error("no address at all is not refused")
	}
}

func TestReach_LoopbackAloneWhereItIsAllowed(t *testing.T) {
	t.Parallel()
	r := outcry.Reach{Loopback: true}
	for address, open := range map[string]bool{
		"127.0.0.1": true, "127.8.9.10": true, "::1": true, "::ffff:127.0.0.1": true, "1.1.1.1": true,
		"10.0.0.1": false, "169.254.169.254": false, "0.0.0.0": false, "::": false, "fe80::1": false, "192.168.1.1": false,
	} {
		if why := r.Refuses(netip.MustParseAddr(address)); (why == "") != open {
			t.Errorf("%s is refused for %q, want open %v", address, why, open)
		}
	}
}

func TestReach_Ports(t *testing.T) {
	t.Parallel()
	for port, open := range map[uint16]bool{
		80: true, 443: true, 1024: true, 8080: true, 8443: true, 65535: true,
		0: false, 1: false, 22: false, 25: false, 53: false, 81: false, 445: false, 1023: false, 2049: false, 6000: false, 6667: false, 10080: false,
	} {
		if why := (outcry.Reach{}).RefusesPort(port); (why == "") != open {
			t.Errorf("port %d is refused for %q, want open %v", port, why, open)
		}
	}
}
