#!/usr/bin/env bash
# A real WordPress on loopback, for tests and CI. Debian 12 packages only (no download
# from wordpress.org, no wp-cli): wordpress 6.1, php-cli's web server, MariaDB on a
# private datadir and a unix socket (no TCP port). Everything lives under $BACKCHANNEL_WP_DIR.
#
#   wordpress.sh install        install what lacks from Debian's packages, nothing else
#   wordpress.sh start [PORT]   install what lacks, start, wait until the REST API answers; prints the URL
#   wordpress.sh stop           stop both servers (data kept)
#   wordpress.sh url            print the URL (exit 1 when not running)
#   wordpress.sh env            print shell lines: WP_URL, WP_EDITOR, WP_EDITOR_APP_PASSWORD, ...
#   wordpress.sh reset          empty site again: no posts, no comments, default options (server keeps running)
#   wordpress.sh php FILE ARG.. run a PHP file with WordPress loaded ($argv holds ARGs)
#   wordpress.sh opt NAME [VAL] read or set an option (e.g. `opt comment_moderation 1`)
#   wordpress.sh cron           run due cron jobs (publishes scheduled posts)
#   wordpress.sh fault KIND     none | maintenance | warning | db | rest401 | 429 | slow
#   wordpress.sh destroy        stop and delete all data
#
# Environment: BACKCHANNEL_WP_DIR (default /var/tmp/backchannel-wordpress), BACKCHANNEL_WP_PORT (default 8089),
#   BACKCHANNEL_WP_WORKERS (default 4), BACKCHANNEL_WP_TZ (default Europe/London),
#   BACKCHANNEL_WP_SRC (another unpacked WordPress tree to copy instead of Debian's; MariaDB-backed all the same).
set -euo pipefail
umask 022
export LC_ALL=C

DIR=${BACKCHANNEL_WP_DIR:-/var/tmp/backchannel-wordpress}
TZNAME=${BACKCHANNEL_WP_TZ:-Europe/London}
WORKERS=${BACKCHANNEL_WP_WORKERS:-4}
SITE=$DIR/site; DB=$DIR/db; RUN=$DIR/run; LOG=$DIR/log
SOCK=$RUN/db.sock
SRC=${BACKCHANNEL_WP_SRC:-/usr/share/wordpress}

say() { printf 'wordpress.sh: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }

# Servers never run as root: www-data exists on every Debian.
if [ "$(id -u)" = 0 ]; then
  AS=(setpriv --reuid=www-data --regid=www-data --clear-groups --)
else
  AS=()
fi

PHP=(php -d display_errors=0 -d log_errors=1 -d "error_log=$LOG/php-error.log" -d memory_limit=256M
     -d sendmail_path=/bin/true -d opcache.enable=1 -d opcache.enable_cli=1 -d "opcache.revalidate_freq=0" -d "opcache.file_cache=$RUN/opcache"
     -d upload_max_filesize=16M -d post_max_size=16M -d "mysqli.default_socket=$SOCK" -d date.timezone=UTC)

alive() { # alive PIDFILE WORD: our process and not a recycled pid
  local pid; pid=$(cat "$1" 2>/dev/null) || return 1
  [ -n "$pid" ] && tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF -- "$2"
}

packages() {
  # The wordpress package itself is unpacked, not installed (see layout): installing it would pull in a web server
  # package, which starts a daemon on port 80. None of these starts anything.
  local want=(php-cli php-mysql php-gd php-curl php-xml php-mbstring php-zip php-getid3 libjs-cropper libjs-underscore
              mariadb-server-core mariadb-client curl ca-certificates)
  local lack=() p
  for p in "${want[@]}"; do
    [ "$(dpkg-query -W -f='${db:Status-Status}' "$p" 2>/dev/null)" = installed ] || lack+=("$p")
  done
  [ ${#lack[@]} -eq 0 ] && return 0
  [ "$(id -u)" = 0 ] || die "missing packages (${lack[*]}) and not root"
  say "installing: ${lack[*]}"
  local apt=(apt-get -y -q -o DPkg::Lock::Timeout=900 -o Acquire::Retries=3)
  export DEBIAN_FRONTEND=noninteractive
  apt-cache show wordpress >/dev/null 2>&1 || "${apt[@]}" update >&2
  "${apt[@]}" install --no-install-recommends "${lack[@]}" >&2 ||
    { "${apt[@]}" update >&2; "${apt[@]}" install --no-install-recommends "${lack[@]}" >&2; }
}

layout() {
  mkdir -p "$DIR" "$RUN" "$RUN/opcache" "$LOG" "$DB"
  if [ ! -e "$SITE/.complete" ]; then
    rm -rf "$SITE"; mkdir -p "$SITE"
    local src=$SRC
    if [ ! -e "$src/wp-load.php" ]; then
      rm -rf "$DIR/pkg"; mkdir -p "$DIR/pkg/deb"; chmod 777 "$DIR/pkg/deb"
      say "fetching Debian's wordpress package"
      (cd "$DIR/pkg/deb" && apt-get -q -o Acquire::Retries=3 download wordpress wordpress-theme-twentytwentyone >&2 &&
        for d in *.deb; do dpkg -x "$d" "$DIR/pkg"; done)
      local l; for l in javascript php; do [ -e "$DIR/pkg/usr/share/$l" ] || ln -s "/usr/share/$l" "$DIR/pkg/usr/share/$l"; done   # its relative links
      src=$DIR/pkg/usr/share/wordpress
      find "$src" -xtype l -delete   # links into /etc that only an installed package has
    fi
    cp -rL "$src/." "$SITE/"       # Debian links shared JS libraries; a plain copy serves them all
    rm -rf "$DIR/pkg"
    rm -f "$SITE/wp-config.php" "$SITE/.htaccess"
    mkdir -p "$SITE/wp-content/uploads" "$SITE/wp-content/upgrade" "$SITE/wp-content/mu-plugins"
    : >"$SITE/.complete"
  fi
  [ -s "$DIR/secret" ] || (umask 077; head -c 24 /dev/urandom | od -An -tx1 | tr -d ' \n' >"$DIR/secret")
  local secret; secret=$(cat "$DIR/secret")
  cat >"$SITE/wp-config.php" <<PHP
<?php
define('DB_NAME', 'wordpress'); define('DB_USER', 'wordpress'); define('DB_PASSWORD', '$secret');
define('DB_HOST', 'localhost:$SOCK'); define('DB_CHARSET', 'utf8mb4'); define('DB_COLLATE', '');
foreach (['AUTH_KEY','SECURE_AUTH_KEY','LOGGED_IN_KEY','NONCE_KEY','AUTH_SALT','SECURE_AUTH_SALT','LOGGED_IN_SALT','NONCE_SALT'] as \$k)
    define(\$k, hash('sha256', \$k . '$secret'));
\$table_prefix = 'wp_';
\$backchannel_base = trim((string) @file_get_contents('$RUN/base')) ?: 'http://127.0.0.1:8089';
define('WP_HOME', \$backchannel_base); define('WP_SITEURL', \$backchannel_base);
define('WP_ENVIRONMENT_TYPE', 'local');        // application passwords over plain http
define('DISABLE_WP_CRON', true);               // 'wordpress.sh cron' runs it: no surprise in a test
define('WP_HTTP_BLOCK_EXTERNAL', true);        // no update check, no avatar, no embed fetch
define('AUTOMATIC_UPDATER_DISABLED', true); define('DISALLOW_FILE_MODS', true);
if (is_dir(__DIR__ . '/wp-content/themes/twentytwentyone')) define('WP_DEFAULT_THEME', 'twentytwentyone');
define('WP_POST_REVISIONS', true); define('WP_DEBUG', false);
if (!defined('ABSPATH')) define('ABSPATH', __DIR__ . '/');
require_once ABSPATH . 'wp-settings.php';
PHP
  cat >"$SITE/wp-content/mu-plugins/backchannel-test.php" <<'PHP'
<?php
// Test switches; all are options, so `wordpress.sh opt NAME VALUE` sets them.
// backchannel_flood=1  keep WordPress's own 15-second comment flood check (default: off)
if (get_option('backchannel_flood') !== '1') {
    add_filter('wp_is_comment_flood', '__return_false', 99);
    remove_filter('check_comment_flood', 'check_comment_flood_db');
    add_filter('comment_flood_filter', '__return_false', 99);
}
// backchannel_anon_rest=1  let anonymous clients create comments over REST (WordPress's default: 401)
if (get_option('backchannel_anon_rest') === '1') add_filter('rest_allow_anonymous_comments', '__return_true');
// backchannel_fault: rest401 (a 'members only' plugin), 429 (a rate limiter), warning (PHP notice before the JSON), slow
$backchannel_fault = (string) get_option('backchannel_fault');
if ($backchannel_fault === 'rest401') add_filter('rest_authentication_errors', function ($r) {
    return ($r === null && !is_user_logged_in()) ? new WP_Error('rest_not_logged_in', 'You are not currently logged in.', ['status' => 401]) : $r; }, 5);
if ($backchannel_fault === '429') add_action('parse_request', function () {
    status_header(429); header('Retry-After: 7'); header('Content-Type: text/html'); echo '<html><head><title>Too Many Requests</title></head><body>Rate limited</body></html>'; exit; }, 0);
if ($backchannel_fault === 'warning') add_filter('rest_pre_serve_request', function ($served) {
    echo "<br />\n<b>Warning</b>:  Undefined variable \$x in <b>/srv/www/wp-content/plugins/example/example.php</b> on line <b>12</b><br />\n"; return $served; });
if ($backchannel_fault === 'slow') add_action('parse_request', function () { sleep(8); }, 0);
PHP
  cat >"$DIR/router.php" <<'PHP'
<?php
// php -S router: existing files as they are, wp-admin/ style directories, everything else to WordPress.
$root = $_SERVER['DOCUMENT_ROOT'];
$path = '/' . ltrim(rawurldecode((string) parse_url('http://x' . $_SERVER['REQUEST_URI'], PHP_URL_PATH)), '/');
if (str_contains($path, '..') || preg_match('~/\.(?!well-known)~', $path)) { http_response_code(404); exit; }
$file = $root . $path;
if (is_dir($file) && is_file(rtrim($file, '/') . '/index.php') && $path !== '/') {
    if (!str_ends_with($path, '/')) { header('Location: ' . $path . '/', true, 301); exit; }
    $file = rtrim($file, '/') . '/index.php';
}
if (is_file($file)) {
    if (!str_ends_with($file, '.php')) return false;
    $_SERVER['SCRIPT_FILENAME'] = $file; $_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = substr($file, strlen($root));
    chdir(dirname($file)); require $file; return true;
}
$_SERVER['SCRIPT_FILENAME'] = $root . '/index.php'; $_SERVER['SCRIPT_NAME'] = $_SERVER['PHP_SELF'] = '/index.php';
unset($_SERVER['PATH_INFO']);
chdir($root); require $root . '/index.php';
PHP
  cat >"$DIR/setup.php" <<'PHP'
<?php
// Idempotent install and users. Prints nothing; writes run/env.
define('WP_INSTALLING', true);
[$self, $site, $run, $tz, $secret, $reset] = $argv + [5 => '0'];
$_SERVER['HTTP_HOST'] = parse_url(file_get_contents("$run/base"), PHP_URL_HOST); $_SERVER['REQUEST_METHOD'] = 'GET'; $_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$reset = $argv[5] ?? '0';
require "$site/wp-load.php"; require_once ABSPATH . 'wp-admin/includes/upgrade.php'; require_once ABSPATH . 'wp-admin/includes/user.php';
global $wpdb, $wp_rewrite;
if ($reset === '1') foreach ($wpdb->get_col("SHOW TABLES LIKE 'wp\\_%'") as $t) $wpdb->query("DROP TABLE `$t`");
$fresh = !$wpdb->get_var("SHOW TABLES LIKE 'wp_options'") || !is_blog_installed();
if ($fresh) {
    wp_cache_flush();
    wp_install('Backchannel test blog', 'admin', 'admin@example.test', true, '', "admin-$secret");
    foreach (get_posts(['post_type' => ['post', 'page'], 'post_status' => 'any', 'numberposts' => -1]) as $p) wp_delete_post($p->ID, true);
    foreach ($wpdb->get_col("SELECT comment_ID FROM $wpdb->comments") as $c) wp_delete_comment($c, true);
    foreach (['timezone_string' => $tz, 'comment_moderation' => '0', 'comment_previously_approved' => '0', 'comments_notify' => '0',
              'moderation_notify' => '0', 'comment_registration' => '0', 'require_name_email' => '1', 'close_comments_for_old_posts' => '0',
              'thread_comments' => '1', 'thread_comments_depth' => '5', 'permalink_structure' => '/%year%/%monthnum%/%postname%/',
              'comment_max_links' => '2', 'posts_per_rss' => '50', 'blog_public' => '1'] as $k => $v) update_option($k, $v);
    $wp_rewrite->init(); $wp_rewrite->flush_rules(false);
}
$env = ['WP_URL' => home_url(), 'WP_REST' => rest_url(), 'WP_ADMIN' => 'admin', 'WP_ADMIN_PASSWORD' => "admin-$secret"];
foreach (['admin' => 'administrator', 'editor' => 'editor', 'author' => 'author'] as $login => $role) {
    $id = username_exists($login) ?: wp_insert_user(['user_login' => $login, 'user_pass' => "$login-$secret", 'user_email' => "$login@example.test",
        'display_name' => ucfirst($login) . ' Person', 'role' => $role]);
    $known = get_option("backchannel_app_password_$login");
    if (!$known) { [$known] = WP_Application_Passwords::create_new_application_password($id, ['name' => 'backchannel test']); update_option("backchannel_app_password_$login", $known, false); }
    $U = strtoupper($login); $env["WP_{$U}"] = $login; $env["WP_{$U}_ID"] = (string) $id; $env["WP_{$U}_PASSWORD"] = "$login-$secret";
    $env["WP_{$U}_APP_PASSWORD"] = WP_Application_Passwords::chunk_password($known);
}
$out = ''; foreach ($env as $k => $v) $out .= "$k='$v'\n";
file_put_contents("$run/env", $out);
PHP
  [ "$(id -u)" != 0 ] || chown -R www-data:www-data "$DIR"
}

start_db() {
  alive "$RUN/db.pid" "$SOCK" && return 0
  if [ ! -d "$DB/mysql" ]; then
    say "creating the database directory"
    rm -rf "${DB:?}"/* 
    "${AS[@]}" mariadb-install-db --no-defaults --datadir="$DB" --auth-root-authentication-method=normal \
      --skip-test-db --force >"$LOG/db-install.log" 2>&1 || { tail -20 "$LOG/db-install.log" >&2; die "mariadb-install-db failed"; }
  fi
  rm -f "$SOCK"
  "${AS[@]}" mariadbd --no-defaults --datadir="$DB" --socket="$SOCK" --pid-file="$RUN/db.pid" --skip-networking \
    --innodb-buffer-pool-size=64M --innodb-flush-log-at-trx-commit=2 --innodb-log-file-size=16M --skip-log-bin \
    --character-set-server=utf8mb4 --log-error="$LOG/db.log" </dev/null >>"$LOG/db.out" 2>&1 &
  local i; for i in $(seq 1 240); do
    mariadb-admin --no-defaults --socket="$SOCK" -uroot ping >/dev/null 2>&1 && break
    [ "$i" = 240 ] && { tail -20 "$LOG/db.log" >&2; die "MariaDB did not start"; }
    sleep 0.25
  done
  local secret; secret=$(cat "$DIR/secret")
  mariadb --no-defaults --socket="$SOCK" -uroot -e "CREATE DATABASE IF NOT EXISTS wordpress CHARACTER SET utf8mb4;
    CREATE USER IF NOT EXISTS wordpress@localhost IDENTIFIED BY '$secret';
    ALTER USER wordpress@localhost IDENTIFIED BY '$secret'; GRANT ALL ON wordpress.* TO wordpress@localhost;"
}

setup() { "${AS[@]}" "${PHP[@]}" "$DIR/setup.php" "$SITE" "$RUN" "$TZNAME" "$(cat "$DIR/secret")" "${1:-0}" </dev/null; }

port_free() { if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then die "port $1 is taken by another program"; fi; }

start_web() { # PORT
  local port=$1
  if alive "$RUN/web.pid" "127.0.0.1:$port"; then return 0; fi
  stop_one web 'router.php'
  port_free "$port"
  PHP_CLI_SERVER_WORKERS=$WORKERS setsid "${AS[@]}" "${PHP[@]}" -S "127.0.0.1:$port" -t "$SITE" "$DIR/router.php" \
    </dev/null >>"$LOG/web.log" 2>&1 &
  echo $! >"$RUN/web.pid"
  local i; for i in $(seq 1 120); do
    curl -fsS -o /dev/null --max-time 10 "http://127.0.0.1:$port/?rest_route=/" 2>/dev/null && return 0
    kill -0 "$(cat "$RUN/web.pid")" 2>/dev/null || break
    sleep 0.25
  done
  tail -20 "$LOG/web.log" >&2; tail -5 "$LOG/php-error.log" >&2 2>/dev/null || true
  die "the web server did not answer"
}

stop_one() { # NAME WORD
  local f=$RUN/$1.pid pid i
  if alive "$f" "$2"; then
    pid=$(cat "$f")
    # the PHP server's workers are children of its first process
    local kids; kids=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null || true)
    kill $kids "$pid" 2>/dev/null || true
    for i in $(seq 1 120); do kill -0 "$pid" 2>/dev/null || break; sleep 0.25; done
    kill -0 "$pid" 2>/dev/null && kill -9 $kids "$pid" 2>/dev/null || true
  fi
  rm -f "$f"
}

cmd_start() {
  local port=${1:-${BACKCHANNEL_WP_PORT:-$(sed -n 's/.*:\([0-9]*\)$/\1/p' "$RUN/base" 2>/dev/null || true)}}
  port=${port:-8089}
  packages
  alive "$RUN/web.pid" "127.0.0.1:$port" || port_free "$port"
  mkdir -p "$RUN"
  exec 9>"$DIR/.lock"; flock -w 300 9 || die "another start is under way"
  echo "http://127.0.0.1:$port" >"$RUN/base"
  layout; start_db 9>&-; setup; start_web "$port" 9>&-
  cat "$RUN/base"
}
cmd_stop() { stop_one web router.php; stop_one db "$SOCK"; }
cmd_url() { alive "$RUN/web.pid" router.php || exit 1; cat "$RUN/base"; }
cmd_php() {
  local f=$RUN/user.php; [ "$1" = "$RUN/opt.php" ] && f=$1 || install -m 644 "$1" "$f"; shift   # readable for www-data
  cat >"$RUN/eval.php" <<'PHP'
<?php
$_SERVER['HTTP_HOST'] = '127.0.0.1'; $_SERVER['REQUEST_METHOD'] = 'GET'; $_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1'; $_SERVER['REMOTE_ADDR'] = '127.0.0.1';
[, $backchannel_site, $backchannel_file] = $argv; array_splice($argv, 0, 2); $argc = count($argv);
require "$backchannel_site/wp-load.php"; require $backchannel_file;
PHP
  "${AS[@]}" "${PHP[@]}" -d display_errors=stderr "$RUN/eval.php" "$SITE" "$f" "$@"
}
cmd_opt() {
  cat >"$RUN/opt.php" <<'PHP'
<?php
if (count($argv) > 2) update_option($argv[1], $argv[2]);
$v = get_option($argv[1]); echo is_scalar($v) ? $v : json_encode($v), "\n";
PHP
  cmd_php "$RUN/opt.php" "$@"
}
cmd_cron() { curl -fsS -o /dev/null --max-time 60 "$(cat "$RUN/base")/wp-cron.php?doing_wp_cron"; }
cmd_fault() {
  rm -f "$SITE/.maintenance"
  case $1 in
    none)
          [ -e "$RUN/grants-off" ] && { mariadb --no-defaults --socket="$SOCK" -uroot -e "ALTER USER wordpress@localhost IDENTIFIED BY '$(cat "$DIR/secret")'"; rm -f "$RUN/grants-off"; }
          cmd_opt backchannel_fault '' >/dev/null ;;
    maintenance) echo '<?php $upgrading = time();' >"$SITE/.maintenance" ;;   # WordPress's own update page, 503 for ten minutes
    db) : >"$RUN/grants-off"; mariadb --no-defaults --socket="$SOCK" -uroot -e "ALTER USER wordpress@localhost IDENTIFIED BY 'x$RANDOM'" ;;
    warning|rest401|429|slow) cmd_opt backchannel_fault "$1" >/dev/null ;;
    *) die "unknown fault $1" ;;
  esac
}

case ${1:-} in
  install) packages ;;
  start) cmd_start "${2:-}" ;;
  stop) cmd_stop ;;
  url) cmd_url ;;
  env) cat "$RUN/env" ;;
  reset) setup 1 ;;
  php) shift; cmd_php "$@" ;;
  opt) shift; cmd_opt "$@" ;;
  cron) cmd_cron ;;
  fault) cmd_fault "${2:-none}" ;;
  destroy) cmd_stop; rm -rf "$DIR" ;;
  *) sed -n '2,24p' "$0" | sed 's/^# \{0,1\}//' >&2; exit 2 ;;
esac
