// Package wire is the shape of everything that goes over the network: the JSON
// of the interface, version 1, as Go structs, and how they are made from the
// words of the market. The API, the live line and the kits share it. It
// decides nothing; what it leaves out, such as the buyer's name and exact place
// in a call, nobody can leak.
//
// Members are snake_case, times are RFC 3339 in UTC with milliseconds, money is
// in minor units, distances are in metres. A member that is left out says that
// there is nothing to say.
package wire
