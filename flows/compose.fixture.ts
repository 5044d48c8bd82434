import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { installation } from '../platform/runtime/installation.ts'
import { usersEnv } from './users.fixture.ts'

/** A service as docker-compose understands it, every variable filled in. */
export interface Service {
  readonly image?: string
  readonly build?: unknown
  readonly profiles?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  readonly ports?: readonly (string | { readonly published: number; readonly host_ip?: string })[]
  readonly volumes?: readonly (string | { readonly source: string; readonly target: string })[]
  readonly networks?: Readonly<Record<string, { readonly aliases?: readonly string[] } | null>>
  readonly healthcheck?: { readonly test?: unknown; readonly disable?: boolean }
  readonly restart?: string
  readonly user?: string
  readonly mem_limit?: string
  readonly cpus?: number
  readonly security_opt?: readonly string[]
  readonly logging?: { readonly options?: Readonly<Record<string, string>> }
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>
}

export interface Composition {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
}

const found = spawnSync('docker-compose', ['version', '--short'], { encoding: 'utf8' })
export const hasCompose = found.status === 0
export const withoutCompose = 'skipped: docker-compose is not installed (apt-get install docker-compose)'

export const composeText = readFileSync(join(installation, 'docker-compose.yml'), 'utf8')
const example = readFileSync(join(installation, '.env.example'), 'utf8')

/** The secrets that `.env.example` asks for. */
export const secrets: readonly string[] = [...example.matchAll(/^([A-Z_]+)=$/gm)].map(([, name]) => name!)

/** Secrets that must have a form of their own. */
const formed = {
  AUTH_USERS: `'${usersEnv.AUTH_USERS}'`,
  JWT_SECRET: 'secret-of-jwt_secret, as long as it has to be',
}

/** A `.env` with every secret set to its own name in lower case, where it may be any text; `changes` on top, undefined to leave one out. */
export function settings(changes: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.fromEntries(secrets.map((name) => [name, `secret-of-${name.toLowerCase()}`]))
  const all = { COMPOSE_PROFILES: 'mosquitto', ...given, ...formed, ...changes }
  return Object.entries(all)
    .flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}\n`]))
    .join('')
}

/** What docker-compose makes of our file with this `.env`: the composition, or why it refuses. */
export function compose(env: string): { readonly composition?: Composition; readonly refusal: string } {
  const folder = mkdtempSync(join(tmpdir(), 'linha-viva-compose-'))
  try {
    const envFile = join(folder, 'env')
    writeFileSync(envFile, env)
    // Nothing of our own environment fills a gap in the file.
    const options = { encoding: 'utf8', cwd: installation, env: { PATH: process.env.PATH, HOME: folder } } as const
    const args = ['-f', join(installation, 'docker-compose.yml'), '--env-file', envFile, 'config']
    const { status, stdout, stderr } = spawnSync('docker-compose', args, options)
    if (status !== 0) return { refusal: stderr }
    const toJson = 'import json, sys, yaml; json.dump(yaml.safe_load(sys.stdin), sys.stdout)'
    const json = spawnSync('python3', ['-c', toJson], { ...options, input: stdout })
    if (json.status !== 0) throw new Error(`the answer of docker-compose cannot be read: ${json.stderr}`)
    return { composition: JSON.parse(json.stdout) as Composition, refusal: '' }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Services that start under these profiles. */
export function started({ services }: Composition, profiles: readonly string[]): string[] {
  return Object.keys(services)
    .filter((name) => services[name]!.profiles?.some((profile) => profiles.includes(profile)) ?? true)
    .sort()
}

/** `address:port` of everything that is published on the machine. */
export function published({ ports = [] }: Service): string[] {
  return ports.map((port) =>
    typeof port === 'string'
      ? port.split(':').slice(0, -1).join(':')
      : `${port.host_ip ?? '0.0.0.0'}:${port.published}`,
  )
}
