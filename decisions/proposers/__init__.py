"""The bounded agents: each watches its queue, gathers context, and proposes or hands over; none of them can act."""
