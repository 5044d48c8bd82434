import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const certifier = 'openssl'

export const hasCertifier = spawnSync(certifier, ['version']).status === 0
export const withoutCertifier = `skipped: ${certifier} is not installed, and makes the certificates`

/** Paths of PEM files: an authority of our own, and a certificate for this machine with its key. */
export interface Certificates {
  readonly ca: string
  readonly cert: string
  readonly key: string
  /** Another key, that fits nothing. */
  readonly otherKey: string
  text(path: string): string
}

export function makeCertificates(folder: string): Certificates {
  const openssl = (...args: string[]) => execFileSync(certifier, args, { cwd: folder, stdio: 'pipe' })
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  openssl('req', '-x509', ...kind, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=test authority')
  openssl(
    ...['req', '-x509', ...kind, '-keyout', 'server.key', '-out', 'server.pem', '-subj', '/CN=localhost'],
    ...['-CA', 'ca.pem', '-CAkey', 'ca.key', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'],
    ...['-addext', 'basicConstraints=critical,CA:FALSE'],
  )
  const file = (name: string): string => join(folder, name)
  return {
    ...{ ca: file('ca.pem'), cert: file('server.pem'), key: file('server.key'), otherKey: file('ca.key') },
    text: (path) => readFileSync(path, 'utf8'),
  }
}
