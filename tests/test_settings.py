"""Settings: what the file may say, and how all its mistakes are told at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Mistake, Settings, SettingsError, load
from bot.settings.tables import Feed, WordPress, blog_reader

SECRETS = {
    "X_BEARER_TOKEN": "bearer-1",
    "X_API_KEY": "key-2",
    "X_API_SECRET": "secret-3",
    "X_ACCESS_TOKEN": "token-4",
    "X_ACCESS_SECRET": "secret-5",
    "MASTODON_ACCESS_TOKEN": "token-6",
    "BLUESKY_APP_PASSWORD": "password-7",
    "WORDPRESS_USER": "robot",
    "WORDPRESS_APP_PASSWORD": "password-9",
}
EVENT = '[[events]]\nslug = "a"\nname = "A"\ntimezone = "Europe/London"\n'
STAND_INS = "".join(f'[networks.{name}]\napi_url = "rehearsal:remote.db"\n' for name in ("mastodon", "wordpress"))


def write(folder: Path, text: str) -> Path:
    file = folder / "backchannel.toml"
    file.write_text(text, encoding="utf-8")
    return file


def read(folder: Path, text: str, **environ: str) -> Settings:
    return load(write(folder, text), environ)


def mistakes(folder: Path, text: str, **environ: str) -> dict[str, Mistake]:
    with pytest.raises(SettingsError) as caught:
        read(folder, text, **environ)
    keys = [mistake.key for mistake in caught.value.mistakes]
    assert len(keys) == len(set(keys)), f"a key is reported twice: {keys}"
    assert all(str(mistake) in str(caught.value) for mistake in caught.value.mistakes)
    assert all(mistake.wrong and mistake.fix for mistake in caught.value.mistakes)
    return {mistake.key: mistake for mistake in caught.value.mistakes}


def event(**more: str) -> str:
    lines = {"slug": '"a"', "name": '"A"', "timezone": '"Europe/London"', **more}
    return "[[events]]\n" + "".join(f"{key} = {value}\n" for key, value in lines.items())


def test_one_event_is_all_that_is_needed(tmp_path: Path) -> None:
    settings = read(tmp_path, EVENT)
    assert settings.database == "sqlite:///var/backchannel.db"
    assert (settings.console.host, settings.console.port) == ("127.0.0.1", 8000)
    assert settings.engine.lease_seconds >= 2 * settings.engine.deadline_seconds
    assert settings.networks.named() == {}
    assert settings.events[0].announce.networks == ()


def test_five_mistakes_are_told_at_once_each_with_file_key_and_fix(tmp_path: Path) -> None:
    text = """
        retention = 3
        [engine]
        lease_seconds = 20
        [networks.x]
        account = "q"
        [[events]]
        slug = "a"
        timezone = "Europe/Lodon"
        starts = 2017-07-16T18:00:00
        ends = 2017-07-12T12:00:00
        retention_days = 0
    """
    found = mistakes(tmp_path, text, **{**SECRETS, "X_API_KEY": " "})
    assert set(found) == {
        "retention", "engine.lease_seconds", "X_API_KEY", "events[0].name", "events[0].timezone",
        "events[0].ends", "events[0].retention_days",
    }  # fmt: skip
    assert all(m.file == str(tmp_path / "backchannel.toml") for key, m in found.items() if key != "X_API_KEY")
    assert "Europe/London" in found["events[0].timezone"].fix
    assert "30" in found["engine.lease_seconds"].fix
    assert found["X_API_KEY"].file == "environment"


@pytest.mark.parametrize(
    ("line", "key", "near"),
    [
        ("time_zone", "events[0].time_zone", "timezone"),
        ("hashtag", "events[0].hashtag", "hashtags"),
        ("announce.second", "events[0].announce.second", "seconds"),
        ("links.mastodom", "events[0].links.mastodom", "mastodon"),
    ],
)
def test_an_unknown_key_is_a_mistake_that_names_the_nearest_known_one(
    tmp_path: Path, line: str, key: str, near: str
) -> None:
    assert f"Did you mean {near}?" in mistakes(tmp_path, f"{EVENT}{line} = 1\n")[key].fix


def test_an_unknown_network_is_told_which_ones_there_are(tmp_path: Path) -> None:
    found = mistakes(tmp_path, f"[networks.friendster]\n{EVENT}")["networks.friendster"]
    assert "x, mastodon, bluesky, wordpress, feed" in found.fix


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("slug", '"Peer Support"'), ("slug", '"-a"'), ("slug", "3"), ("slug", '""'), ("slug", f'"{"a" * 81}"'),
        ("name", '"  "'), ("name", '"a\\u0000b"'), ("name", f'"{"a" * 1001}"'),
        ("timezone", '"Mars/Olympus"'), ("timezone", '""'), ("timezone", '"../etc/passwd"'), ("timezone", "1"),
        ("live_blog", '"q.example/blog"'), ("live_blog", '"ftp://q.example"'), ("live_blog", '"https://"'),
        ("live_blog", '"https://user:pass@q.example/"'), ("live_blog", '"http://q.example/"'),
        ("live_blog", '"https://q.example:99999/"'), ("live_blog", '"https://[::1/"'),
        ("themes", '"Access"'), ("themes", '["Access", "access"]'), ("starts", '"tomorrow"'), ("starts", "12:00:00"),
        ("first_read", '"yesterday"'), ("first_read", "-1"), ("first_read", "true"), ("first_read", "1.5"),
        ("retention_days", "0"), ("retention_days", '"90"'), ("poll_seconds", "0"), ("poll_seconds", "nan"),
        ("comments", '"yes"'), ("announce", '{ mode = "auto" }'), ("announce", '"grace"'),
        ("links", '{ x = "sometimes" }'), ("contact_routes", "[]"),
    ],
)  # fmt: skip
def test_a_value_of_the_wrong_form_is_a_mistake_at_its_key(tmp_path: Path, key: str, value: str) -> None:
    networks = '[networks.wordpress]\napi_url = "rehearsal:remote.db"\n'
    found = mistakes(tmp_path, networks + event(**{key: value}))
    assert [place.split(".")[1].split("[")[0] for place in found] == [key]


@pytest.mark.parametrize("tag", ["#QLabs", "＃QLabs", "two words", "12", "", "a.b", "a\\u0000"])
def test_a_hashtag_is_a_bare_word(tmp_path: Path, tag: str) -> None:
    assert "events[0].hashtags[0]" in mistakes(tmp_path, event(hashtags=f'["{tag}"]'))


@pytest.mark.parametrize("tag", ["QLabs", "हिंदी", "گفتگو", "質問", "q_2017", "l·l"])
def test_hashtags_of_any_script_are_taken(tmp_path: Path, tag: str) -> None:
    assert read(tmp_path, event(hashtags=f'["{tag}"]')).events[0].hashtags == (tag,)


def test_one_live_blog_is_announced_by_one_event_alone(tmp_path: Path) -> None:
    blog = 'live_blog = "https://q.example/blog/"\n'
    other = EVENT.replace('"a"', '"b"') + blog
    both = STAND_INS + EVENT + blog + other
    assert "events[0]" in mistakes(tmp_path, both)["events[1].live_blog"].wrong
    assert len(read(tmp_path, both + "announce = { networks = [] }\n").events) == 2


def test_a_hashtag_or_a_slug_stands_once(tmp_path: Path) -> None:
    assert "events[0].hashtags" in mistakes(tmp_path, event(hashtags='["QLabs", "qlabs"]'))
    assert "events[0]" in mistakes(tmp_path, EVENT + EVENT)["events[1].slug"].wrong


@pytest.mark.parametrize("url", ["http://127.0.0.1:8080", "http://localhost/", "http://[::1]:80/", "https://m.example"])
def test_plain_http_is_taken_for_this_machine_only(tmp_path: Path, url: str) -> None:
    settings = read(tmp_path, f'[networks.mastodon]\napi_url = "{url}"\n{EVENT}', **SECRETS)
    assert settings.networks.named()["mastodon"].api_url == url


@pytest.mark.parametrize("url", ["http://m.example", "http://127.0.0.1.m.example", "http://10.0.0.3", "m.example", ""])
def test_credentials_are_never_sent_in_the_clear(tmp_path: Path, url: str) -> None:
    assert "networks.mastodon.api_url" in mistakes(tmp_path, f'[networks.mastodon]\napi_url = "{url}"\n{EVENT}')


@pytest.mark.parametrize("network", ["x", "mastodon", "bluesky", "wordpress"])
def test_a_stand_in_needs_no_secrets_and_no_account(tmp_path: Path, network: str) -> None:
    text = f'[networks.{network}]\napi_url = "rehearsal:var/remote.db"\nrehearsal = {{ slow = 2 }}\n{EVENT}'
    opened = read(tmp_path, text).networks.named()[network]
    assert opened.stand_in
    assert opened.secrets() == {}
    assert opened.extra()["slow"] == 2


@pytest.mark.parametrize("network", ["x", "mastodon", "bluesky", "wordpress"])
def test_a_real_network_needs_its_secrets(tmp_path: Path, network: str) -> None:
    text = f'[networks.{network}]\napi_url = "https://n.example"\naccount = "@q"\n{EVENT}'
    assert set(mistakes(tmp_path, text)) == {name for name in SECRETS if name.startswith(network.upper())}
    opened = read(tmp_path, text, **SECRETS).networks.named()[network]
    assert opened.account == "q"
    assert set(opened.secrets().values()) == {v for k, v in SECRETS.items() if k.startswith(network.upper())}


def test_secrets_are_handed_out_by_the_end_of_their_name(tmp_path: Path) -> None:
    settings = read(tmp_path, f'[networks.wordpress]\napi_url = "https://q.example"\n{EVENT}', **SECRETS)
    assert settings.networks.named()["wordpress"].secrets() == {"user": "robot", "app_password": "password-9"}


def test_secrets_show_in_no_text_of_the_settings(tmp_path: Path) -> None:
    text = f'[networks.wordpress]\napi_url = "https://q.example"\n{EVENT}'
    url = "postgresql+psycopg://u:hunter2@h/db"
    settings = read(tmp_path, text, **SECRETS, BACKCHANNEL_DATABASE=url)
    assert settings.database == url
    shown = repr(settings) + str(settings) + repr(settings.networks.wordpress.__dict__)
    shown += (
        repr(getattr(settings.networks.wordpress, "__pydantic_private__", None)) + settings.networks.model_dump_json()
    )
    assert "password-9" not in shown
    assert "hunter2" not in shown


def test_a_wrong_database_address_is_told_without_its_password(tmp_path: Path) -> None:
    for url in ("postgres://u:hunter2@h/db", "mysql://u:hunter2@h/db", "sqlite://", "sqlite:///:memory:", "hunter2"):
        found = mistakes(tmp_path, f'database = "{url}"\n{EVENT}')["database"]
        assert "hunter2" not in str(found)


def test_a_secret_in_the_file_is_a_mistake_that_names_the_environment(tmp_path: Path) -> None:
    text = f'[networks.wordpress]\napi_url = "rehearsal:r.db"\napp_password = "hunter2"\n{EVENT}'
    found = mistakes(tmp_path, text)["networks.wordpress.app_password"]
    assert "WORDPRESS_APP_PASSWORD" in found.fix
    assert "hunter2" not in str(found)


def test_secrets_may_lie_in_an_env_file_beside_the_settings(tmp_path: Path) -> None:
    env = tmp_path / "backchannel.env"
    env.write_text(
        "# ours\nexport WORDPRESS_USER='robot'\n\nWORDPRESS_APP_PASSWORD=abcd efgh = ijkl\n", encoding="utf-8"
    )
    env.chmod(0o600)
    text = f'[networks.wordpress]\napi_url = "https://q.example"\n{EVENT}'
    settings = read(tmp_path, text)
    assert settings.networks.named()["wordpress"].secrets()["app_password"] == "abcd efgh = ijkl"
    assert settings.advice == ()
    assert read(tmp_path, text, WORDPRESS_USER="other").networks.named()["wordpress"].secrets()["user"] == "other"
    env.chmod(0o644)
    assert "chmod 600" in read(tmp_path, text).advice[0]
    env.write_text("WORDPRESS_USER\n", encoding="utf-8")
    assert "line 1" in mistakes(tmp_path, text)


def test_a_time_without_offset_is_meant_in_the_time_zone_of_the_event(tmp_path: Path) -> None:
    times = {"starts": "2017-07-12T12:00:00", "ends": "2017-12-12", "first_read": '"2017-07-12T11:00"'}
    found = read(tmp_path, event(**times)).events[0]
    assert found.starts is not None
    assert found.ends is not None
    assert found.starts.astimezone(UTC) == datetime(2017, 7, 12, 11, tzinfo=UTC)
    assert found.ends.astimezone(UTC) == datetime(2017, 12, 12, tzinfo=UTC)
    assert found.since(datetime.now(UTC)) == datetime(2017, 7, 12, 10, tzinfo=UTC)


def test_an_offset_is_kept(tmp_path: Path) -> None:
    found = read(tmp_path, event(starts="2017-07-12T12:00:00-05:00")).events[0]
    assert found.starts == datetime(2017, 7, 12, 17, tzinfo=UTC)


def test_first_read_says_how_far_back_it_reaches(tmp_path: Path) -> None:
    now = datetime(2017, 7, 12, 12, tzinfo=UTC)
    assert read(tmp_path, EVENT).events[0].since(now) == now
    assert read(tmp_path, event(first_read='"all"')).events[0].since(now) is None
    assert read(tmp_path, event(first_read="30")).events[0].since(now) == now - timedelta(minutes=30)


def test_the_lease_is_at_least_twice_the_deadline(tmp_path: Path) -> None:
    assert "engine.lease_seconds" in mistakes(tmp_path, f"[engine]\ndeadline_seconds = 31\n{EVENT}")
    settings = read(tmp_path, f"[engine]\ndeadline_seconds = 1\nlease_seconds = 2\n{EVENT}")
    assert settings.engine.lease_seconds == 2


def test_entries_go_to_every_connected_network_that_posts_unless_told_otherwise(tmp_path: Path) -> None:
    assert read(tmp_path, STAND_INS + EVENT).events[0].announce.networks == ("mastodon",)
    found = mistakes(tmp_path, STAND_INS + event(announce='{ networks = ["bluesky"] }'))
    assert "not connected" in found["events[0].announce.networks"].wrong


def test_a_live_blog_needs_a_network_that_reads_it_and_comments_need_a_live_blog(tmp_path: Path) -> None:
    assert "events[0].live_blog" in mistakes(tmp_path, event(live_blog='"https://q.example/blog/"'))
    assert "events[0].comments" in mistakes(tmp_path, event(comments="true"))
    assert read(tmp_path, "[networks.feed]\n" + event(live_blog='"https://q.example/feed/"')).events[0].live_blog


def test_more_money_cannot_be_set_aside_than_there_is(tmp_path: Path) -> None:
    text = '[networks.x]\napi_url = "rehearsal:r.db"\nmonthly_budget_usd = 5\n' + EVENT
    assert "networks.x.reserve_for_posts_usd" in mistakes(tmp_path, text)


def test_prices_that_x_has_changed_are_told_by_name(tmp_path: Path) -> None:
    text = '[networks.x]\napi_url = "rehearsal:r.db"\nprices = {}\n' + EVENT
    x = read(tmp_path, text.replace("{}", "{ create_with_link = 0.3 }")).networks.x
    assert x is not None
    assert x.extra()["prices"] == {"create_with_link": 0.3}
    found = mistakes(tmp_path, text.replace("{}", "{ pots = 1, post = -1 }"))
    assert any("prices.pots" in key for key in found)
    assert "networks.x.prices.post" in found


def test_the_public_address_follows_from_where_the_console_listens(tmp_path: Path) -> None:
    assert read(tmp_path, f'[console]\nlisten = "0.0.0.0:9000"\n{EVENT}').console.public_url == "http://127.0.0.1:9000"
    settings = read(tmp_path, f'[console]\nlisten = "[::1]:9000"\n{EVENT}')
    assert (settings.console.host, settings.console.port) == ("::1", 9000)


@pytest.mark.parametrize("listen", ["8000", ":8000", "127.0.0.1:", "127.0.0.1:0", "127.0.0.1:70000", "a b:80", "h:²"])
def test_a_place_to_listen_is_host_and_port(tmp_path: Path, listen: str) -> None:
    found = mistakes(tmp_path, f'[console]\nlisten = "{listen}"\npublic_url = "https://q.example"\n{EVENT}')
    assert set(found) == {"console.listen"}


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (b'a = 1\nb = "x\n', "line 2"),
        (b"[[events]\n", "line 1"),
        (b"a = 1\na = 2\n", "line 2"),
        (b"\xff\xfe\x00", "file"),
        (b"#" * 1_000_001, "file"),
        (b"a = " + b"[" * 5000, "e"),
    ],
)
def test_a_file_that_is_not_toml_says_where_and_what_to_do(tmp_path: Path, content: bytes, key: str) -> None:
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    with pytest.raises(SettingsError) as caught:
        load(file, {})
    assert [m.file for m in caught.value.mistakes] == [str(file)]
    assert caught.value.mistakes[0].key.startswith(key)


def test_a_missing_file_says_what_to_copy(tmp_path: Path) -> None:
    for file in (tmp_path / "none.toml", tmp_path / "no" / "none.toml"):
        with pytest.raises(SettingsError, match=r"backchannel\.example\.toml"):
            load(file, {})


def test_a_folder_in_place_of_the_file_is_one_mistake(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot be read"):
        load(tmp_path, {})


def test_the_environment_names_the_file_and_the_argument_wins(tmp_path: Path) -> None:
    file = write(tmp_path, EVENT)
    assert load(None, {"BACKCHANNEL_CONFIG": str(file)}).file == file
    assert load(file, {"BACKCHANNEL_CONFIG": "elsewhere.toml"}).file == file
    with pytest.raises(SettingsError, match="elsewhere"):
        load(None, {"BACKCHANNEL_CONFIG": "elsewhere.toml"})


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "windows.toml"
    file.write_bytes(b"\xef\xbb\xbf" + EVENT.replace("\n", "\r\n").encode())
    assert load(file, {}).events[0].slug == "a"


@pytest.mark.parametrize(
    "text", ["", "events = 3", "events = []", "events = [1]", "[events]\nslug = 'a'", "console = []"]
)
def test_tables_of_the_wrong_shape_are_mistakes_too(tmp_path: Path, text: str) -> None:
    assert any(key.startswith(("events", "console")) for key in mistakes(tmp_path, text))


@pytest.mark.parametrize("text", ['engine = "x"', "networks = 1", "[networks]\nx = 1", "networks = { wordpress = [] }"])
def test_a_wrong_table_does_not_hide_the_other_mistakes(tmp_path: Path, text: str) -> None:
    found = mistakes(tmp_path, f"{text}\n{event(retention_days='0')}")
    assert "events[0].retention_days" in found
    assert len(found) >= 2


def test_settings_cannot_be_changed(tmp_path: Path) -> None:
    settings = read(tmp_path, EVENT)
    with pytest.raises(ValidationError):
        settings.events[0].slug = "b"


def test_an_event_is_kept_as_plain_values(tmp_path: Path) -> None:
    more = {"starts": "2017-07-12T12:00:00", "first_read": "2017-07-12T12:00:00", "hashtags": '["QLabs"]'}
    plain = read(tmp_path, event(**more)).events[0].model_dump(mode="json")
    assert json.loads(json.dumps(plain)) == plain
    assert plain["hashtags"] == ["QLabs"]
    assert plain["starts"] == "2017-07-12T12:00:00+01:00"


def test_the_live_blog_is_read_by_wordpress_on_its_own_site_and_as_a_feed_anywhere_else() -> None:
    named = {"wordpress": WordPress(api_url="https://q.example"), "feed": Feed()}
    assert blog_reader("https://q.example/live/", named) == "wordpress"
    assert blog_reader("https://other.example/live.xml", named) == "feed"
    assert blog_reader("https://other.example/live/", {"feed": Feed()}) == "feed"
    assert blog_reader("https://other.example/live/", {}) == ""
