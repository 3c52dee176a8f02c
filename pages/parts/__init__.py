"""The drawing kit: the only place that styles, formats and queries on behalf of a page."""
