"""How the fuzzer of `.ci/api` writes bodies that it does not know: as the text that the interface shows."""
import json

import schemathesis


@schemathesis.serializer("application/x-ndjson")
def lines(_, value):
    return (value if isinstance(value, str) else json.dumps(value)).encode()
