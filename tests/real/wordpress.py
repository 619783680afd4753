"""A real WordPress on loopback, started by ``wordpress.sh``, as tests hold it."""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).with_name("wordpress.sh")
FOLDER = "/var/tmp/backchannel-wordpress"
EMPTY = """
global $wpdb, $wp_rewrite;
foreach (['posts', 'postmeta', 'comments', 'commentmeta', 'term_relationships'] as $table)
    $wpdb->query("TRUNCATE TABLE {$wpdb->prefix}$table");
foreach (get_terms(['taxonomy' => 'category', 'hide_empty' => false, 'exclude' => [1]]) as $term)
    wp_delete_term($term->term_id, 'category');
foreach (['timezone_string' => 'Europe/London', 'comment_moderation' => '0', 'backchannel_flood' => '0',
          'backchannel_anon_rest' => '0', 'permalink_structure' => '/%year%/%monthnum%/%postname%/'] as $name => $value)
    update_option($name, $value);
_set_cron_array([]);
$wp_rewrite->init(); $wp_rewrite->flush_rules(false);
return 1;
"""


class RealWordPress:
    """One running site. `env` holds WP_URL, WP_EDITOR, WP_EDITOR_APP_PASSWORD and the like."""

    def __init__(self, folder: str) -> None:
        self.folder = folder
        self.env: dict[str, str] = {}
        self._fault = "unknown"

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """One command of the script. Raises CalledProcessError."""
        environment = {**os.environ, "BACKCHANNEL_WP_DIR": self.folder}
        return subprocess.run(
            ["bash", str(SCRIPT), *arguments], env=environment, check=check, capture_output=True, text=True, timeout=600
        )

    def start(self) -> str:
        """Start on a free port; "" or, if it did not start, why."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
        started = self.run("start", str(port), check=False)
        if started.returncode:
            return started.stderr.strip() or "wordpress.sh start failed"
        self._read_env()
        return ""

    @property
    def url(self) -> str:
        """The site's address, without a slash at its end."""
        return self.env["WP_URL"].rstrip("/")

    def secrets(self, who: str = "editor") -> dict[str, str]:
        """The credentials of that account, as a network is handed them."""
        return {"user": self.env[f"WP_{who.upper()}"], "app_password": self.env[f"WP_{who.upper()}_APP_PASSWORD"]}

    def reset(self) -> None:
        """An empty site with its first options."""
        if self._fault != "none":
            self.fault("none")
        self.php(EMPTY)

    def fault(self, kind: str) -> None:
        """Break the site: maintenance, warning, db, rest401, 429, slow; or mend it: none."""
        self.run("fault", kind)
        self._fault = kind

    def _read_env(self) -> None:
        for line in self.run("env").stdout.splitlines():
            name, _, value = line.partition("=")
            self.env[name] = "".join(shlex.split(value))

    def php(self, code: str, *arguments: Any) -> Any:
        """Run PHP with WordPress loaded; `$in` holds the arguments, what it returns comes back."""
        program = "<?php\n$in = json_decode($argv[1], true);\necho json_encode((function () use ($in) {\n"
        with tempfile.NamedTemporaryFile("w", suffix=".php", encoding="utf-8") as file:
            file.write(f"{program}{code}\n}})());")
            file.flush()
            said = self.run("php", file.name, json.dumps(arguments)).stdout
        return json.loads(said)

    def option(self, name: str, value: str) -> None:
        """Set an option of the site."""
        self.run("opt", name, value)

    def post(self, content: str = "<p>Live.</p>", **fields: Any) -> tuple[int, str]:
        """A new post: its number and the address a person copies."""
        made = self.php(
            "$usual = ['post_status' => 'publish', 'post_title' => 'Live blog', 'comment_status' => 'open',"
            " 'post_author' => 2, 'post_content' => $in[1]]; $id = wp_insert_post(wp_slash($in[0] + $usual), true);"
            " if (is_wp_error($id)) return $id->get_error_message(); return [$id, get_permalink($id)];",
            fields,
            content,
        )
        return int(made[0]), str(made[1])

    def edit_post(self, number: int, **fields: Any) -> None:
        """Save a post again with other fields."""
        self.php("return wp_update_post(wp_slash(['ID' => $in[0]] + $in[1]));", number, fields)

    def comment(self, post: int, text: str, *, approved: Any = 1, parent: int = 0, at: str = "") -> int:
        """A visitor's comment; `approved` is 1, 0 (held), spam or trash; `at` is UTC."""
        return self.comments(post, [text], approved=approved, parent=parent, at=at)[0]

    def comments(self, post: int, texts: list[str], *, approved: Any = 1, parent: int = 0, at: str = "") -> list[int]:
        """Several at once."""
        made = self.php(
            "return array_map(fn($text) => wp_insert_comment(wp_slash(['comment_post_ID' => $in[0], 'comment_content'"
            " => $text, 'comment_approved' => $in[2], 'comment_parent' => $in[3], 'comment_author' => 'Visitor',"
            " 'comment_author_email' => 'visitor@example.test', 'comment_author_IP' => '203.0.113.77',"
            " 'comment_agent' => 'Canary/1.0'] + ($in[4] ? ['comment_date_gmt' => $in[4], 'comment_date' =>"
            " get_date_from_gmt($in[4])] : []))), $in[1]);",
            post,
            texts,
            approved,
            parent,
            at,
        )
        return [int(number) for number in made]

    def moderate(self, *moves: tuple[int, str]) -> None:
        """Set comments' statuses: approve, hold, spam, trash; or delete them for good."""
        self.php(
            "foreach ($in as [$id, $to]) { if ($to == 'delete') wp_delete_comment($id, true);"
            " else wp_set_comment_status($id, $to); } return 1;",
            *moves,
        )

    def edit_comment(self, number: int, text: str) -> None:
        """Give a comment another text."""
        self.php("return wp_update_comment(['comment_ID' => $in[0], 'comment_content' => $in[1]]);", number, text)

    def stored_comments(self, post: int) -> list[dict[str, Any]]:
        """Every comment of a post, whatever its status, as its row has it."""
        rows: list[dict[str, Any]] = self.php(
            "global $wpdb; return $wpdb->get_results($wpdb->prepare('SELECT comment_ID id, comment_parent parent,"
            " comment_content content, comment_approved approved, user_id user FROM wp_comments WHERE comment_post_ID"
            " = %d ORDER BY comment_ID', $in[0]), ARRAY_A);",
            post,
        )
        return [{**row, "id": int(row["id"]), "parent": int(row["parent"])} for row in rows]


@pytest.fixture(scope="session")
def wordpress_server() -> Iterator[RealWordPress]:
    """The server, started once. It skips where it cannot be installed, but under CI it must be there."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    folder = os.environ.get("BACKCHANNEL_WP_DIR", FOLDER) + (f"-{worker}" if worker else "")
    with Path(f"{folder}.lock").open("a") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # another run of the tests may hold this very site
        site = RealWordPress(folder)
        if problem := site.start():
            missing = "missing packages" in problem or "apt-get" in problem
            if missing and os.environ.get("CI") != "true":
                pytest.skip(f"a real WordPress needs Debian's php-cli, php-mysql and mariadb-server-core: {problem}")
            pytest.fail(problem)
        yield site
        site.run("stop")


@pytest.fixture
def wordpress(wordpress_server: RealWordPress) -> RealWordPress:
    """An empty site for one test."""
    wordpress_server.reset()
    return wordpress_server
