"""The review server over real HTTP: what it answers, and whom it does not."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

import pytest
from reviewing import EVIL, OUT, READING, items, lines, served, tree

from pipeline.cli import main
from pipeline.review.guard import Gate


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    body: str

    @property
    def data(self) -> dict[str, Any]:
        data: dict[str, Any] = json.loads(self.body)
        return data


class Client:
    """Talks to a server as a script would; what it sends besides is up to each test."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.port, self.token = parts.port or 0, parse_qs(parts.query)["token"][0]

    def get(self, path: str, **headers: str) -> Answer:
        return self.send("GET", path, None, {"X-Catalog-Token": self.token, **headers})

    def post(self, path: str, data: Any, **headers: str) -> Answer:
        given = {"X-Catalog-Token": self.token, "Content-Type": "application/json", **headers}
        body = data if isinstance(data, bytes) else json.dumps(data).encode()
        return self.send("POST", path, body, given)

    def send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, body, given)
        response = connection.getresponse()
        told = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(response.status, told, response.read().decode())
        connection.close()
        return answer

    def decide(self, row: int, field: str, action: str = "correct", **more: Any) -> Answer:
        return self.post("/api/decisions", {"row": row, "field": field, "action": action, "revision": self.revision(), **more})

    def revision(self) -> str:
        revision: str = self.get("/api/state").data["revision"]
        return revision


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tree(tmp_path_factory.mktemp("served"))


@pytest.fixture(scope="module")
def address(root: Path) -> Iterator[str]:
    with served(root) as found:
        yield found


@pytest.fixture
def client(address: str) -> Client:
    return Client(address)


@pytest.fixture
def decided(client: Client, root: Path) -> Iterator[Client]:
    """A client whose decisions are taken back when the test ends."""
    yield client
    for line in lines(root):
        row = int(line["reason"])
        assert client.post("/api/undo", {"row": row, "field": line["field"]}).status == 200
    assert lines(root) == []


class TestAnswers:
    def test_the_page_with_its_key_and_revision(self, client: Client) -> None:
        answer = client.get(f"/?token={client.token}")
        assert answer.status == 200
        found = re.search(r'<script type="application/json" id="review">(.*?)</script>', answer.body, re.DOTALL)
        assert found is not None
        assert json.loads(found[1]) == {"token": client.token, "revision": client.revision()}
        assert EVIL not in answer.body

    def test_a_reload_needs_the_cookie_alone(self, client: Client) -> None:
        cookie = client.get(f"/?token={client.token}").headers["set-cookie"]
        assert {"httponly", "samesite=strict"} <= {part.strip().lower() for part in cookie.split(";")}
        assert client.send("GET", "/", None, {"Cookie": cookie.partition(";")[0]}).status == 200

    def test_the_state_since_a_revision(self, client: Client) -> None:
        whole = client.get("/api/state").data
        assert whole["counts"] == {"rows": 5, "doubts": 2, "issues": whole["counts"]["issues"], "errors": 0}
        assert "rows" in whole["fragments"]
        assert client.get(f"/api/state?since={whole['revision']}").data == {"revision": whole["revision"]}

    def test_suggestions(self, client: Client) -> None:
        told = client.get("/api/suggestions?row=4&field=disclosing_body").data
        assert told["suggestions"][0] == {"value": READING, "source": "engine", "detail": "pdfplumber"}
        assert told["alike"] == 1

    def test_a_decision_is_on_disk_when_it_is_answered(self, decided: Client, root: Path) -> None:
        answer = decided.decide(4, "disclosing_body", value=READING, reason="4", expect="医保屆", expect_doubt="verify")
        assert answer.status == 200
        assert items(root, "disclosing_body")[3] == READING
        assert [line["value"] for line in lines(root)] == [READING]
        assert {"row": 4, "field": "disclosing_body"} in answer.data["changed"]
        assert answer.data["counts"]["doubts"] == 1
        assert answer.data["revision"] == decided.revision()
        assert READING in answer.data["fragments"]["rows"]

    def test_a_page_in_step_gets_only_what_changed(self, decided: Client) -> None:
        in_step = decided.decide(2, "time_limit", value="15日内", reason="2").data["fragments"]
        behind = decided.decide(3, "time_limit", value="15日内", reason="3", revision="long ago").data["fragments"]
        assert set(in_step) < set(behind)

    def test_undo(self, client: Client, root: Path) -> None:
        before = (root / OUT / "items.json").read_bytes()
        number = client.decide(2, "time_limit", value="15日内").data["undo"]
        assert client.post("/api/undo", {"undo": number}).status == 200
        assert ((root / OUT / "items.json").read_bytes(), lines(root)) == (before, [])
        assert client.post("/api/undo", {"undo": number}).status == 404

    def test_a_decision_of_an_earlier_server_is_taken_back_by_its_value(self, client: Client, root: Path) -> None:
        client.decide(2, "time_limit", value="15日内")
        named = {"undo": "of another start", "row": 2, "field": "time_limit", "expect": "15日内"}
        assert client.post("/api/undo", named).status == 200
        assert lines(root) == []

    def test_a_decision_about_what_has_changed_is_a_conflict(self, decided: Client) -> None:
        decided.decide(2, "time_limit", value="15日内", reason="2")
        answer = decided.decide(2, "time_limit", value="16日内", reason="2", expect="20日内")
        assert (answer.status, answer.data["error"]) == (409, "changed")
        assert answer.data["current"] == {"value": "15日内", "doubt": ""}

    def test_the_entries_of_a_list(self, decided: Client, root: Path) -> None:
        decided.decide(2, "content_elements", value=["法律、法规规定的其他材料"], reason="2")
        assert items(root, "content_elements")[1] == ["法律、法规规定的其他材料"]

    @pytest.mark.parametrize(
        ("data", "told"),
        [
            pytest.param(b"{", "expected a JSON object", id="no JSON"),
            pytest.param([], "expected a JSON object", id="no object"),
            pytest.param({"action": "delete"}, "action", id="another action"),
            pytest.param({"action": "confirm"}, "expected a row", id="no row"),
            pytest.param({"action": "confirm", "row": True, "field": "seq"}, "expected a row", id="a row that is no number"),
            pytest.param({"action": "correct", "row": 2, "field": "seq"}, "value", id="no value"),
            pytest.param({"action": "correct", "row": 2, "field": "seq", "value": ["1", 2]}, "value", id="entries that are none"),
            pytest.param({"action": "confirm", "row": 2, "field": "x"}, "no such value", id="no such field"),
            pytest.param({"action": "confirm", "row": 2, "field": "seq", "reason": 1}, "reason", id="a reason that is no text"),
        ],
    )
    def test_what_is_amiss_is_told(self, data: Any, told: str, client: Client) -> None:
        answer = client.post("/api/decisions", data)
        assert (answer.status, answer.data["error"]) == (422, "refused")
        assert told in answer.data["message"]

    @pytest.mark.parametrize(("method", "path", "status"), [("GET", "/nothing", 404), ("GET", "/api/decisions", 405)])
    def test_other_addresses(self, method: str, path: str, status: int, client: Client) -> None:
        headers = {"X-Catalog-Token": client.token, "Cookie": f"catalog-review-{client.port}={client.token}"}
        assert client.send(method, path, None, headers).status == status


DECISION = {"row": 2, "field": "time_limit", "action": "correct", "value": "hacked"}


class TestGate:
    """What another page, or another name for this machine, would send."""

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            pytest.param({"X-Catalog-Token": "wrong"}, 403, id="a wrong key"),
            pytest.param({"X-Catalog-Token": ""}, 403, id="no key"),
            pytest.param({"Origin": "http://evil.example"}, 403, id="a foreign origin"),
            pytest.param({"Origin": "null"}, 403, id="an origin that is hidden"),
            pytest.param({"Origin": "http://127.0.0.1:1"}, 403, id="a page at another port"),
            pytest.param({"Origin": "https://127.0.0.1"}, 403, id="another scheme"),
            pytest.param({"Host": "evil.example"}, 421, id="a foreign host"),
            pytest.param({"Host": "127.0.0.1.evil.example:8002"}, 421, id="a host that begins like ours"),
            pytest.param({"Host": "192.0.2.1"}, 421, id="a number of another machine"),
            pytest.param({"Content-Type": "text/plain"}, 415, id="what a form may send"),
            pytest.param({"Content-Type": "application/x-www-form-urlencoded"}, 415, id="a form"),
        ],
    )
    def test_it_is_refused(self, headers: dict[str, str], status: int, client: Client, root: Path) -> None:
        assert client.post("/api/decisions", DECISION, **headers).status == status
        assert lines(root) == []

    def test_the_cookie_alone_changes_nothing(self, client: Client, root: Path) -> None:
        cookie = client.get(f"/?token={client.token}").headers["set-cookie"].partition(";")[0]
        headers = {"Cookie": cookie, "Content-Type": "application/json"}
        body = json.dumps(DECISION).encode()
        assert client.send("POST", "/api/decisions", body, headers).status == 403
        assert client.send("POST", f"/api/decisions?token={client.token}", body, headers).status == 403
        assert client.send("GET", "/api/state", None, headers).status == 403
        assert lines(root) == []

    @pytest.mark.parametrize("path", ["/", "/?token=", "/?token=wrong", "/nothing"])
    def test_the_page_is_not_for_everybody(self, path: str, client: Client) -> None:
        answer = client.send("GET", path, None, {})
        assert answer.status == 403
        assert client.token not in answer.body
        assert "open the address" in answer.body.lower()

    def test_our_own_page_gets_in_also_through_a_tunnel(self, client: Client) -> None:
        for host in (f"127.0.0.1:{client.port}", f"localhost:{client.port}", "localhost:9000", f"[::1]:{client.port}"):
            assert client.get("/api/state", Host=host, Origin=f"http://{host}").status == 200

    def test_too_much_is_not_read(self, client: Client) -> None:
        assert client.post("/api/decisions", b" " * 70_000).status == 413
        headers = {"X-Catalog-Token": client.token, "Content-Type": "application/json", "Transfer-Encoding": "chunked"}
        assert client.send("POST", "/api/decisions", b"2\r\n{}\r\n0\r\n\r\n", headers).status == 413

    def test_what_every_answer_says(self, client: Client) -> None:
        for answer in (client.get(f"/?token={client.token}"), client.get("/api/state"), client.get("/api/state", Host="evil")):
            assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["referrer-policy"] == "no-referrer"
            assert not any(name.startswith("access-control") for name in answer.headers)

    def test_a_browser_may_not_ask_for_more_from_elsewhere(self, client: Client) -> None:
        headers = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
        answer = client.send("OPTIONS", "/api/decisions", None, headers)
        assert answer.status == 403
        assert not any(name.startswith("access-control") for name in answer.headers)

    def test_the_scripts_of_the_page_are_allowed_by_their_digests(self, client: Client) -> None:
        policy = client.get(f"/?token={client.token}").headers["content-security-policy"]
        assert re.search(r"script-src ('sha256-[\w+/=]+' ?)+;", policy)
        assert "unsafe-inline" not in policy
        assert "connect-src 'self'" in policy

    def test_other_machines_are_not_let_in(self, client: Client) -> None:
        """The address 127.0.0.2 is this machine too, but a server that listens at 127.0.0.1 alone does not answer there."""
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.2", client.port), timeout=5)

    def test_each_start_has_a_key_of_its_own(self) -> None:
        assert Gate("127.0.0.1", 1).token != Gate("127.0.0.1", 1).token

    @pytest.mark.parametrize(
        ("address", "host", "known"),
        [
            pytest.param("127.0.0.1", "192.0.2.7:8002", False, id="alone, a number"),
            pytest.param("0.0.0.0", "192.0.2.7:8002", True, id="for others, a number"),
            pytest.param("0.0.0.0", "evil.example:8002", False, id="for others, a foreign name"),
            pytest.param("::1", "[::1]:8002", True, id="in brackets"),
            pytest.param("0.0.0.0", socket.gethostname(), True, id="for others, our name"),
            pytest.param("127.0.0.1", "", False, id="none"),
        ],
    )
    def test_by_which_names_a_server_is_known(self, address: str, host: str, known: bool) -> None:
        gate = Gate(address, 8002)
        headers = [(b"host", host.encode()), (b"x-catalog-token", gate.token.encode())]
        scope = {"type": "http", "method": "GET", "path": "/api/state", "query_string": b"", "headers": headers}
        assert (gate.refusal(scope) is None) == known


class TestCommand:
    def refused(self, capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
        """What the command says when it cannot do it."""
        with pytest.raises(SystemExit) as ended:
            main(["review", *map(str, arguments)])
        assert ended.value.code == 2
        return capsys.readouterr().err

    def test_a_folder_that_no_run_wrote(self, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
        assert "no output of a run" in self.refused(capsys, tmp_path)

    def test_a_folder_elsewhere_needs_its_source(self, capsys: pytest.CaptureFixture[str], root: Path, tmp_path: Path) -> None:
        shutil.copytree(root / OUT, tmp_path / "out")
        assert "--source FILE" in self.refused(capsys, tmp_path / "out")

    def test_an_address_that_is_taken(self, capsys: pytest.CaptureFixture[str], root: Path, client: Client) -> None:
        assert "name another --port" in self.refused(capsys, root / OUT, "--port", client.port)
