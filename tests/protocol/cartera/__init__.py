"""A client of Cartera's relay, written from core/docs/protocol.md, document.md and records.md alone."""
