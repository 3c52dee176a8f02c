"""What we infer: pure functions, frames in and frames out; no clock, no unseeded dice, no disk."""
