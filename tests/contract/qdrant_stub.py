"""A web server that speaks as much of Qdrant's REST API as Pincite uses, and keeps what it heard.

Behind it is the client's own local mode, so answers are those of Qdrant's semantics; what is
proved with it is what goes over the wire. It is no Qdrant server: settings are noted, not obeyed.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from qdrant_client import QdrantClient, models


class Heard(NamedTuple):
    method: str
    path: str
    """Without what follows the question mark."""
    body: Any


class QdrantStub:
    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.url = ""
        self.version = "1.19.1"
        self._local = QdrantClient(":memory:")
        self._lock = threading.Lock()
        self._made: dict[str, dict[str, Any]] = {}
        """What each collection was made with or told later."""

    def bodies(self, method: str, path: str) -> list[Any]:
        """Of the requests whose path matches `path` as a pattern."""
        return [h.body for h in self.heard if h.method == method and re.fullmatch(path, h.path)]

    def answer(self, method: str, path: str, body: Any) -> Any:
        with self._lock:
            self.heard.append(Heard(method, path, body))
            for verb, pattern, act in _ROUTES:
                found = re.fullmatch(pattern, path)
                if verb == method and found:
                    return act(self, body, *found.groups())
        raise LookupError(f"{method} {path}")

    # --- collections ------------------------------------------------------------------------------

    def names(self, _body: Any) -> Any:
        return {"collections": [{"name": name} for name in self._made]}

    def exists(self, _body: Any, name: str) -> Any:
        return {"exists": name in self._made}

    def create(self, body: Any, name: str) -> bool:
        asked = models.CreateCollection.model_validate(body)
        self._made[name] = body
        return self._local.create_collection(
            name,
            vectors_config=asked.vectors,
            sparse_vectors_config=asked.sparse_vectors,
            metadata=asked.metadata,
        )

    def update(self, body: Any, name: str) -> bool:
        made = self._made[name]
        made |= {k: body[k] for k in ("hnsw_config", "quantization_config") if k in body}
        if made.get("quantization_config") == "Disabled":
            made["quantization_config"] = None
        made |= body.get("params", {})
        for space, changed in body.get("vectors", {}).items():
            made["vectors"][space] |= changed
        return True

    def drop(self, _body: Any, name: str) -> bool:
        del self._made[name]
        return self._local.delete_collection(name)

    def info(self, _body: Any, name: str) -> Any:
        aliases = self._local.get_aliases().aliases
        own = next((a.collection_name for a in aliases if a.alias_name == name), name)
        found = json.loads(self._local.get_collection(name).model_dump_json())
        made = self._made[own]
        config = found["config"]
        config["params"]["vectors"] = made["vectors"]
        for key in ("shard_number", "replication_factor", "write_consistency_factor"):
            config["params"][key] = made.get(key) or 1
        hnsw = {"m": 16, "ef_construct": 100, "full_scan_threshold": 10_000}
        config["hnsw_config"] = hnsw | (made.get("hnsw_config") or {})
        config["quantization_config"] = made.get("quantization_config")
        return found

    def aliases(self, _body: Any) -> Any:
        return self._local.get_aliases()

    def realias(self, body: Any) -> bool:
        asked = models.ChangeAliasesOperation.model_validate(body)
        return self._local.update_collection_aliases(asked.actions)

    def index_field(self, _body: Any, _name: str) -> Any:
        return _DONE

    # --- points -----------------------------------------------------------------------------------

    def upsert(self, body: Any, name: str) -> Any:
        points = models.PointsList.model_validate(body).points
        self._local.upsert(name, points, wait=True)
        return _DONE

    def delete(self, body: Any, name: str) -> Any:
        self._local.delete(name, models.FilterSelector.model_validate(body), wait=True)
        return _DONE

    def query(self, body: Any, name: str) -> Any:
        asked = models.QueryRequest.model_validate(body)
        idf = asked.params.idf if asked.params else None  # all that local mode takes
        return self._local.query_points(
            name,
            query=asked.query,
            using=asked.using,
            query_filter=asked.filter,
            search_params=models.SearchParams(idf=idf) if idf else None,
            limit=asked.limit or 10,
            with_payload=asked.with_payload or False,
        )

    def count(self, body: Any, name: str) -> Any:
        asked = models.CountRequest.model_validate(body)
        return self._local.count(name, count_filter=asked.filter, exact=True)

    def facet(self, body: Any, name: str) -> Any:
        asked = models.FacetRequest.model_validate(body)
        return self._local.facet(
            name, asked.key, limit=asked.limit or 10, exact=True, facet_filter=asked.filter
        )

    def scroll(self, body: Any, name: str) -> Any:
        asked = models.ScrollRequest.model_validate(body)
        points, following = self._local.scroll(
            name,
            limit=asked.limit or 10,
            offset=asked.offset,
            with_payload=True,
            with_vectors=True,
        )
        return {"points": points, "next_page_offset": following}


_DONE = {"operation_id": 0, "status": "completed"}
_NAME = r"/collections/([^/]+)"
_ROUTES: list[tuple[str, str, Callable[..., Any]]] = [
    ("GET", "/collections", QdrantStub.names),
    ("GET", "/aliases", QdrantStub.aliases),
    ("POST", "/collections/aliases", QdrantStub.realias),
    ("GET", f"{_NAME}/exists", QdrantStub.exists),
    ("PUT", _NAME, QdrantStub.create),
    ("PATCH", _NAME, QdrantStub.update),
    ("DELETE", _NAME, QdrantStub.drop),
    ("GET", _NAME, QdrantStub.info),
    ("PUT", f"{_NAME}/index", QdrantStub.index_field),
    ("PUT", f"{_NAME}/points", QdrantStub.upsert),
    ("POST", f"{_NAME}/points/delete", QdrantStub.delete),
    ("POST", f"{_NAME}/points/query", QdrantStub.query),
    ("POST", f"{_NAME}/points/count", QdrantStub.count),
    ("POST", f"{_NAME}/facet", QdrantStub.facet),
    ("POST", f"{_NAME}/points/scroll", QdrantStub.scroll),
]


@contextmanager
def qdrant_stub() -> Generator[QdrantStub]:
    """Listens on this machine until the block ends."""
    stub = QdrantStub()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _do(self) -> None:
            size = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(size)) if size else None
            path = self.path.partition("?")[0]
            if path == "/":
                status, reply = 200, {"title": "stub", "version": stub.version}
            else:
                try:
                    status, reply = 200, {"result": stub.answer(self.command, path, body)}
                except (LookupError, ValueError) as exc:
                    status, reply = 404, {"status": {"error": str(exc)}}
            if status == 200 and path != "/":
                reply |= {"status": "ok", "time": 0.0}
            data = json.dumps(reply, default=_plain).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = _do  # noqa: N815 - as the library has it

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - as the library has it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        stub.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield stub
        finally:
            server.shutdown()
            thread.join()


def _plain(value: Any) -> Any:
    return json.loads(value.model_dump_json())
