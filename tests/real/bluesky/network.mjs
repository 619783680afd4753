// Bluesky on loopback for the tests: identity directory, personal data server (with its real rate limits) and AppView
// from the packages of its makers; the search is ours, since the AppView for development knows no hashtags. Asked for
// /lag?ms=N the search shows posts only N milliseconds after they were indexed, as the public one does at times.
import dns from 'node:dns'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import net from 'node:net'
import { TestBsky, TestPds, TestPlc, mockNetworkUtilities } from '@atproto/dev-env'
import pg from 'pg'

const env = process.env
const port = Number(env.BACKCHANNEL_BSKY_PORT)
const database = env.BACKCHANNEL_BSKY_DB
const names = (env.BACKCHANNEL_BSKY_ACCOUNTS || 'qcommunity,asha,bryn').split(',').filter(Boolean)
const password = env.BACKCHANNEL_BSKY_PASSWORD || 'only-for-tests'
const schema = 'appview'

// The packages would listen on every interface; the tests are nobody else's business.
dns.setDefaultResultOrder('ipv4first')
const listen = net.Server.prototype.listen
net.Server.prototype.listen = function (...given) {
  const first = given[0]
  const callbacks = given.filter((one) => typeof one === 'function')
  if (typeof first === 'object' && first !== null && 'port' in first) {
    return listen.call(this, { ...first, host: '127.0.0.1' }, ...callbacks)
  }
  return /^\d+$/.test(String(first))
    ? listen.call(this, { port: Number(first), host: '127.0.0.1' }, ...callbacks)
    : listen.apply(this, given)
}

let lag = 0

// Of the words of a query: #tag, from:handle, since:, until:, and plain words, all of which must be met.
function conditions(asked) {
  const where = []
  const values = []
  const add = (sql, ...given) => {
    for (const value of given) {
      values.push(value)
      sql = sql.replace('?', `$${values.length}`)
    }
    where.push(sql)
  }
  const pattern = (text) => `%${text.replace(/[\\%_]/g, (sign) => `\\${sign}`)}%`
  const facet = `exists (select 1 from ${schema}.record r, jsonb_path_query(r.json::jsonb, '$.facets[*].features[*].tag') f
    where r.uri = p.uri and lower(f #>> '{}') = lower(?))`
  const hidden = `exists (select 1 from jsonb_array_elements_text(coalesce(p.tags, '[]'::jsonb)) t where lower(t) = lower(?))`
  const author = `p.creator in (select did from ${schema}.actor where did = ? or handle = ?)`
  for (const word of (asked.get('q') || '').split(/\s+/)) {
    const [, key, value] = /^(from|since|until):(.+)$/.exec(word) || []
    if (key === 'from') add(author, value.replace(/^@/, ''), value.replace(/^@/, ''))
    else if (key) add(`p."sortAt" ${key === 'since' ? '>=' : '<'} ?`, value)
    else if (/^#./.test(word)) add(`(${hidden} or ${facet} or p.text ilike ?)`, word.slice(1), word.slice(1), pattern(word))
    else if (word && word !== '*') add('p.text ilike ?', pattern(word))
  }
  for (const tag of asked.getAll('tag')) add(`(${hidden} or ${facet})`, tag, tag)
  if (asked.get('author')) add(author, asked.get('author'), asked.get('author'))
  if (asked.get('since')) add('p."sortAt" >= ?', asked.get('since'))
  if (asked.get('until')) add('p."sortAt" < ?', asked.get('until'))
  if (lag) add('p."indexedAt" <= ?', new Date(Date.now() - lag).toISOString())
  return { where: where.length ? `where ${where.join(' and ')}` : '', values }
}

async function found(pool, asked) {
  const limit = Math.min(Math.max(Number(asked.get('limit')) || 25, 1), 100)
  const offset = Math.max(Number(asked.get('cursor')) || 0, 0)
  const { where, values } = conditions(asked)
  const { rows } = await pool.query(
    `select p.uri from ${schema}.post p ${where} order by p."sortAt" desc, p.cid desc limit ${limit} offset ${offset}`,
    values,
  )
  return { posts: rows, ...(rows.length === limit ? { cursor: String(offset + limit) } : {}) }
}

function search(pool) {
  return createServer(async (request, response) => {
    const answer = (status, body) => {
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(body))
    }
    const url = new URL(request.url, 'http://localhost')
    try {
      if (url.pathname === '/lag') {
        lag = Number(url.searchParams.get('ms'))
        answer(200, { lag })
      } else if (url.pathname.endsWith('/app.bsky.unspecced.searchPostsSkeleton')) {
        answer(200, await found(pool, url.searchParams))
      } else answer(501, { error: 'MethodNotImplemented', message: 'only posts are searched here' })
    } catch (error) {
      answer(500, { error: 'InternalServerError', message: String(error) })
    }
  })
}

for (const folder of ['pds', 'blobs']) mkdirSync(`data/${folder}`, { recursive: true })
const plc = await TestPlc.create({ port: port + 2 })
const searching = search(new pg.Pool({ connectionString: database, max: 4 }))
await new Promise((done) => searching.listen(port + 3, done))
const bsky = await TestBsky.create({
  port: port + 1,
  plcUrl: plc.url,
  pdsPort: port,
  repoProvider: `ws://localhost:${port}`,
  dbPostgresSchema: schema,
  dbPostgresUrl: database,
  searchUrl: `http://localhost:${port + 3}`,
})
const pds = await TestPds.create({
  port,
  hostname: 'localhost',
  didPlcUrl: plc.url,
  bskyAppViewUrl: bsky.url,
  bskyAppViewDid: bsky.ctx.cfg.serverDid,
  enableDidDocWithSession: true,
  dataDirectory: 'data/pds',
  blobstoreDiskLocation: 'data/blobs',
  rateLimitsEnabled: true,
})
mockNetworkUtilities(pds, bsky)

const accounts = {}
for (const name of names) {
  const agent = pds.getClient()
  await agent.createAccount({ handle: `${name}.test`, email: `${name}@example.test`, password })
  const profile = { displayName: name, createdAt: new Date().toISOString() }
  await agent.app.bsky.actor.profile.create({ repo: agent.assertDid, rkey: 'self' }, profile)
  const made = await agent.com.atproto.server.createAppPassword({ name: 'tests' })
  const { accessJwt } = agent.session
  accounts[name] = { handle: `${name}.test`, did: agent.assertDid, app_password: made.data.password, token: accessJwt }
}
await pds.processAll()
await bsky.sub.processAll()
writeFileSync('ready.part', JSON.stringify({ pds: `http://localhost:${port}`, port, password, accounts }))
renameSync('ready.part', 'ready.json')

let closing = false
async function stop() {
  if (closing) return
  closing = true
  setTimeout(() => process.exit(0), 3000).unref()
  searching.close()
  await Promise.allSettled([pds.close(), bsky.close()])
  await plc.close()
  process.exit(0)
}
process.on('SIGTERM', stop)
process.on('SIGINT', stop)
process.on('unhandledRejection', (error) => console.error(error))
