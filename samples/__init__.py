"""Sample plans that ship with kedge: `kedge demo` copies one, the docs show the others, tests load all of them."""
