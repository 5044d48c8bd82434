import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Client, type ClientConfig } from 'pg'
import { takeBackup } from './backup.ts'
import type { Manifest } from './manifest.ts'

export interface TakenBackup {
  readonly folder: string
  readonly manifest: Manifest
}

/** Folders for one test, gone after it, and connections that are closed after it. */
export function useBackups(): {
  readonly home: string
  connect(login: ClientConfig): Promise<Client>
  take(login: ClientConfig, say?: (line: string) => void): Promise<TakenBackup>
} {
  let home = ''
  let clients: Client[] = []
  let taken = 0
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'linha-viva-backup-'))
    clients = []
  })
  afterEach(async () => {
    await Promise.all(clients.map((client) => client.end()))
    rmSync(home, { recursive: true, force: true })
  })
  async function connect(login: ClientConfig): Promise<Client> {
    const client = new Client(login)
    client.on('error', () => undefined)
    clients.push(client)
    await client.connect()
    return client
  }
  return {
    get home() {
      return home
    },
    connect,
    async take(login, say = () => undefined) {
      const folder = join(home, `backup-${taken++}`)
      const places = {
        flowsDir: join(home, 'flows'),
        userDir: join(home, 'node-red'),
        dataDir: join(home, 'data'),
        ownSecrets: [],
      }
      const options = { target: folder, release: '9.9.9', now: Date.UTC(2026, 10, 21, 12), places, say }
      return { folder, manifest: await takeBackup(await connect(login), options) }
    },
  }
}

/** What every table holds, by table: a fingerprint of all rows, whatever their order. */
export async function contentsOf(client: Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string }>(
    `select relname as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`,
  )
  const contents: Record<string, string> = {}
  for (const { name } of rows) {
    const result = await client.query<{ print: string }>(
      `select count(*) || ' rows, ' || coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') as print
       from ${client.escapeIdentifier(name)} t`,
    )
    contents[name] = result.rows[0]!.print
  }
  return contents
}
