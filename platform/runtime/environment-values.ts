import { createPrivateKey, X509Certificate } from 'node:crypto'
import { isIPv6 } from 'node:net'
import { roles } from '../access/roles.ts'
import { isTimeZone } from '../clock/civil-day.ts'
import { originsOf } from '../http/cors.ts'
import { parseOutsideHosts } from '../http/outside-hosts.ts'
import { trustedProxies } from '../http/trusted-proxies.ts'
import { parseCnpj } from '../regulation/cnpj.ts'
import { isIdentifier } from '../wire/fields.ts'
import { isLoopback } from '../wire/loopback.ts'

/** How one kind of value is written in the environment. `parse` answers undefined to what it does not accept. */
export interface ValueKind<T> {
  /** In words; `<NAME>` stands for the variable. */
  readonly accepts: string
  parse(text: string): T | undefined
}

export const text: ValueKind<string> = { accepts: 'any text', parse: (text) => text }

export function integer(min: number, max: number): ValueKind<number> {
  return {
    accepts: `a whole number from ${min} to ${max}`,
    parse(text) {
      if (!/^-?\d{1,15}$/.test(text)) return undefined
      const value = Number(text)
      return value >= min && value <= max ? value : undefined
    },
  }
}

/** A quantity, with a point for decimals. */
export function decimal(min: number, max: number): ValueKind<number> {
  return {
    accepts: `a number from ${min} to ${max}`,
    parse(text) {
      if (!/^-?\d{1,15}(\.\d{1,15})?$/.test(text)) return undefined
      const value = Number(text)
      return value >= min && value <= max ? value : undefined
    },
  }
}

export const port: ValueKind<number> = { ...integer(1, 65_535), accepts: 'a port from 1 to 65535' }

export function oneOf<const T extends string>(...choices: readonly T[]): ValueKind<T> {
  return {
    accepts: `one of ${choices.join(', ')}`,
    parse: (text) => choices.find((choice) => choice === text.toLowerCase()),
  }
}

export const email: ValueKind<string> = {
  accepts: 'an e-mail address of 50 characters at most',
  parse: (text) => (text.length <= 50 && /^[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]+$/.test(text) ? text : undefined),
}

/** Of a firm; its marks are taken away. */
export const cnpj: ValueKind<string> = {
  accepts: 'a CNPJ with its check digits right, with or without marks',
  parse: parseCnpj,
}

export const host: ValueKind<string> = {
  accepts: 'a host name or an IP address, without scheme or port',
  // An IPv6 address without a zone, which no URL can carry.
  parse: (text) => (/^[A-Za-z0-9._-]+$/.test(text) || (isIPv6(text) && !text.includes('%')) ? text : undefined),
}

/** Names, as `Host` has them. */
export const hostList: ValueKind<string> = {
  accepts: 'host names or IP addresses without ports, separated by commas',
  parse: (text) => (text.split(',').every((name) => host.parse(name.trim()) !== undefined) ? text : undefined),
}

/** A name in PostgreSQL: what needs no quoting, so that it can be read aloud and typed. */
export const databaseName: ValueKind<string> = {
  accepts: 'letters, digits, underscore and hyphen, 63 at most',
  parse: (text) => (/^[A-Za-z_][A-Za-z0-9_-]{0,62}$/.test(text) ? text : undefined),
}

/** Credentials do not belong into an address, which ends up in logs and on screens: they have variables of their own. */
export const brokerAddress: ValueKind<string> = {
  accepts:
    'mqtt://, mqtts://, ws:// or wss:// with a host and no user or password (those go to MQTT_USER, MQTT_PASSWORD)',
  parse(text) {
    const url = URL.parse(text)
    if (!url || !['mqtt:', 'mqtts:', 'ws:', 'wss:'].includes(url.protocol)) return undefined
    return url.hostname && !url.username && !url.password ? text : undefined
  },
}

/** Of a device, site or feeder, as the field contract has it. */
export const identifier: ValueKind<string> = {
  accepts: 'letters, digits and _ . : -, a letter or digit first, 64 at most',
  parse: (text) => (isIdentifier(text) ? text : undefined),
}

export const httpAddress: ValueKind<string> = {
  accepts: 'http:// or https:// with a host and no user or password (those go to INFLUX_TOKEN)',
  parse(text) {
    const url = URL.parse(text)
    if (!url || !['http:', 'https:'].includes(url.protocol) || url.search || url.hash) return undefined
    return url.hostname && !url.username && !url.password ? text : undefined
  },
}

export const networks: ValueKind<string> = {
  accepts: 'IP addresses and networks such as 10.0.0.0/8, separated by commas',
  parse: (text) => trustedProxies(text) && text,
}

export const origins: ValueKind<string> = {
  accepts: 'origins such as https://console.example, separated by commas (no path, no *)',
  parse: (text) => originsOf(text) && text,
}

export const certificate: ValueKind<string> = {
  accepts: 'PEM text (-----BEGIN CERTIFICATE-----…); a path goes to <NAME>_FILE',
  parse: (text) => (text.includes('-----BEGIN CERTIFICATE-----') ? text : undefined),
}

export const openApiDocument: ValueKind<string> = {
  accepts: 'an OpenAPI document (YAML or JSON); a path goes to <NAME>_FILE',
  parse: (text) => (/^\s*\{?\s*["']?openapi["']?\s*:/m.test(text) ? text : undefined),
}

export const privateKey: ValueKind<string> = {
  accepts: 'PEM text (-----BEGIN PRIVATE KEY-----…) without a passphrase; a path goes to <NAME>_FILE',
  parse: (text) => (/-----BEGIN ([A-Z]+ )?PRIVATE KEY-----/.test(text) ? text : undefined),
}

/** Whether a private key is the one that a certificate, or the first of several, was made for. */
export function isKeyOf(key: string, cert: string): boolean {
  try {
    return new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))
  } catch {
    // One of them is none: OpenSSL says so in words of its own.
    return false
  }
}

export const timeZone: ValueKind<string> = {
  accepts: 'an IANA time zone such as America/Sao_Paulo',
  parse: (text) => (isTimeZone(text) ? text : undefined),
}

/** Where secrets pass: by https, unless nothing leaves this machine. */
export const publicAddress: ValueKind<string> = {
  accepts: 'https:// with a host and no user, password, query or fragment; http:// for localhost only',
  parse(text) {
    const url = URL.parse(text)
    if (!url?.hostname || url.username || url.password || /[?#\s]/.test(text)) return undefined
    return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname)) ? text : undefined
  },
}

export const roleMap: ValueKind<string> = {
  accepts: `a JSON object with at least one name, each of a role (${roles.join(', ')})`,
  parse(text) {
    try {
      const map: unknown = JSON.parse(text)
      if (typeof map !== 'object' || map === null || Array.isArray(map)) return undefined
      const named = Object.values(map)
      return named.length > 0 && named.every((role) => roles.some((each) => each === role)) ? text : undefined
    } catch (error) {
      if (error instanceof SyntaxError) return undefined
      throw error
    }
  },
}

/** Hosts outside that something may be sent to. */
export const outsideHosts: ValueKind<string> = {
  accepts:
    'hosts, each with :port where it is not 443 and private: before it where it is on a private network, separated by commas',
  parse: (text) => (parseOutsideHosts(text) ? text : undefined),
}
