"""JSON Schemas (json-schema.org, draft 2020-12) of what is written, and docs of the fields: generated from types and profile."""
