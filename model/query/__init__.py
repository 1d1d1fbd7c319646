"""The language that filters cards and projects, the same on the board, in commands and in saved views.

    owner:mira status:todo,doing due<=fri -#later (is:blocked or is:late) "feature table"

`parse_query` reads the form of a text, `compile_query` gives its fields a meaning for one plan and one day. Both
raise `QueryError` and nothing else. `docs/query.md` describes the language. May use cards and the rooms below them.
"""
