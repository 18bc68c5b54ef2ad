// The floor: bare node:http and prepared better-sqlite3 statements doing the token lookup and the read, nothing else.
import Database from 'better-sqlite3'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

const db = new Database(process.argv[2] ?? '', { readonly: true })
const findToken = db.prepare('select id, user_id, expires_at from personal_access_token where hash = ?')
const findBot = db.prepare('select * from bot where id = ?')

const server = createServer((req, res) => {
  const token = (req.headers.authorization ?? '').slice('Bearer '.length)
  const found = findToken.get(createHash('sha256').update(token).digest('hex'))
  const id = (req.url ?? '').slice('/bots/'.length)
  const body = found ? JSON.stringify({ bot: findBot.get(id) }) : '{}'
  res
    .writeHead(found ? 200 : 401, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
    .end(body)
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))
