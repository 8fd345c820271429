"""The verbs of `pullquote`, a module each. Everything heavy is imported inside the verb that needs it."""
