"""The jobs room: the clock decides when, the queue carries, workers do, the run log remembers."""
