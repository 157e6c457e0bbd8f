package api

// Decode reads a body as every call does.
var Decode = decode

// SplitFault takes the error of Decode apart.
var SplitFault = splitFault
