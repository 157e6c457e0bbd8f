package main

// Main is the program, for tests that run it as a command.
var Main = main
