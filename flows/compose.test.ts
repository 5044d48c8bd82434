import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { variables } from '../platform/runtime/environment-variables.ts'
import { readEnvironment } from '../platform/runtime/environment.ts'
import { installation } from '../platform/runtime/installation.ts'
import {
  compose,
  composeText,
  hasCompose,
  published,
  secrets,
  settings,
  started,
  withoutCompose,
  type Composition,
} from './compose.fixture.ts'
import { say } from './waiting.fixture.ts'

describe('docker-compose.yml', function () {
  this.timeout(180_000)
  let all: Composition

  before(function () {
    if (!hasCompose) {
      say(withoutCompose)
      this.skip()
    }
    const { composition, refusal } = compose(settings())
    assert.equal(refusal, '')
    all = composition!
  })

  const common = ['database-roles', 'grafana', 'influxdb', 'linha-viva', 'postgres']

  it('starts one broker, whichever profile', () => {
    assert.deepEqual(started(all, ['mosquitto']), [...common, 'mosquitto'].sort())
    assert.deepEqual(started(all, ['emqx']), [...common, 'emqx'].sort())
    assert.deepEqual(started(all, ['tools']), [...common, 'mosquitto', 'pgadmin'].sort())
    assert.deepEqual(started(all, ['emqx', 'pgadmin']), [...common, 'emqx', 'pgadmin'].sort())
    for (const broker of ['mosquitto', 'emqx'])
      assert.deepEqual(all.services[broker]!.networks?.['operation']?.aliases, ['broker'])
    assert.equal(all.services['linha-viva']!.environment?.['MQTT_HOST'], 'broker')
  })

  it('depends only on what always starts, and on its being healthy or done', () => {
    for (const [name, { depends_on = {} }] of Object.entries(all.services)) {
      for (const [other, { condition }] of Object.entries(depends_on)) {
        assert.ok(common.includes(other), `${name} depends on ${other}`)
        assert.equal(condition, other === 'database-roles' ? 'service_completed_successfully' : 'service_healthy')
      }
    }
  })

  it('pins every image that is not ours to a full version', () => {
    for (const [name, { image }] of Object.entries(all.services)) {
      if (image?.startsWith('linhaviva/')) continue
      assert.match(image ?? '', /^[\w./-]+:\d+\.\d+(\.\d+)?(-pg\d+)?$/, name)
    }
    const dockerfile = readFileSync(join(installation, 'Dockerfile'), 'utf8')
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, base]) => base)
    assert.deepEqual(
      [...new Set(bases)].map((base) => /^node:24\.\d+\.\d+-bookworm-slim$/.test(base!)),
      [true],
    )
  })

  it("builds its image once: two builds of one name at once get in each other's way", () => {
    const ours = Object.values(all.services).filter(({ image }) => image?.startsWith('linhaviva/'))
    assert.equal(new Set(ours.map(({ image }) => image)).size, 1)
    assert.equal(ours.filter(({ build }) => build !== undefined).length, 1)
  })

  it('puts into the image what the packages are made of', () => {
    const image = readFileSync(join(installation, 'Dockerfile'), 'utf8')
      .split(/^FROM /m)
      .at(-1)!
    const copied = new Set(
      [...image.matchAll(/^COPY (.*) \S+$/gm)].flatMap(([, from]) => from!.replaceAll('/app/', '').split(' ')),
    )
    for (const home of ['', 'nodes/console/']) {
      const { files } = JSON.parse(readFileSync(join(installation, home, 'package.json'), 'utf8')) as {
        files: string[]
      }
      for (const name of ['package.json', ...files.filter((name) => !name.startsWith('!'))]) {
        const top = home + name.split('/')[0]!
        assert.ok(copied.has(top), `${top} is not in the image`)
      }
    }
  })

  it('names EMQX in the variable that its image asks for: its data stand in a folder of that name', () => {
    assert.equal(all.services['emqx']!.environment?.['EMQX_NODE_NAME'], 'emqx@127.0.0.1')
  })

  it('watches, bounds and restarts every service, and lets none gain rights', () => {
    for (const [name, service] of Object.entries(all.services)) {
      // Ours stands in the Dockerfile; what ends by itself has an exit code.
      if (name === 'database-roles') assert.equal(service.restart, 'no')
      else {
        if (name !== 'linha-viva') assert.ok(service.healthcheck?.test, `${name} has no health check`)
        assert.equal(service.restart, 'unless-stopped', name)
      }
      assert.ok(service.mem_limit, `${name} may take all memory`)
      assert.ok(service.logging?.options?.['max-size'], `the log of ${name} grows for ever`)
      assert.deepEqual(service.security_opt, ['no-new-privileges:true'], name)
    }
    assert.match(readFileSync(join(installation, 'Dockerfile'), 'utf8'), /^HEALTHCHECK [^]*\/api\/health[^]*^CMD/m)
  })

  it('publishes on this machine only, unless told otherwise', () => {
    const ports = Object.values(all.services).flatMap(published)
    assert.deepEqual([...new Set(ports.map((port) => port.split(':')[0]))], ['127.0.0.1'])
    const numbers = new Set(ports.map((port) => port.split(':')[1]))
    for (const port of ['1880', '1883', '8083', '3000', '5050'])
      assert.ok(numbers.has(port), `${port} is not published`)
  })

  it('never publishes Linha Viva elsewhere: passwords would cross the network in clear', () => {
    const { composition } = compose(settings({ BIND: '0.0.0.0', MQTT_BIND: '0.0.0.0' }))
    assert.deepEqual(published(composition!.services['linha-viva']!), ['127.0.0.1:1880'])
    assert.deepEqual(published(composition!.services['mosquitto']!), ['0.0.0.0:1883', '0.0.0.0:8083', '127.0.0.1:8883'])
    // Grafana and pgAdmin, which others may reach, do not reach it either.
    for (const name of ['grafana', 'pgadmin'])
      assert.deepEqual(Object.keys(all.services[name]!.networks ?? {}), ['screens'])
    assert.deepEqual(Object.keys(all.services['linha-viva']!.networks ?? {}), ['operation'])
  })

  it('asks for every secret, and has a default for none', () => {
    assert.ok(secrets.length >= 10)
    assert.match(compose('').refusal, /set it in \.env/)
    for (const name of secrets) {
      const { composition, refusal } = compose(settings({ [name]: '' }))
      assert.equal(composition, undefined, `starts without ${name}`)
      assert.match(refusal, new RegExp(`${name}.*set it in \\.env`, 's'))
    }
    for (const [, name, fallback] of composeText.matchAll(/\$\{([A-Z_]*(?:PASSWORD|TOKEN|SECRET))(:?[^}]*)\}/g))
      assert.match(fallback!, secrets.includes(name!) ? /^:\?set it in \.env/ : /^:-$/, `${name}${fallback}`)
  })

  it('keeps every secret to those who need it', () => {
    const knows = (secret: string): string[] =>
      Object.keys(all.services)
        .filter((name) =>
          Object.values(all.services[name]!.environment ?? {}).includes(`secret-of-${secret.toLowerCase()}`),
        )
        .sort()
    assert.deepEqual(knows('DB_ADMIN_PASSWORD'), ['database-roles', 'postgres'])
    assert.deepEqual(knows('DB_READER_PASSWORD'), ['database-roles', 'grafana'])
    assert.deepEqual(knows('INFLUX_TOKEN'), ['influxdb', 'linha-viva'])
    assert.deepEqual(knows('INFLUX_READER_PASSWORD'), ['grafana', 'influxdb'])
    for (const platform of ['MQTT_PASSWORD', 'MQTT_DISPATCHER_PASSWORD'])
      assert.deepEqual(knows(platform), ['emqx', 'linha-viva', 'mosquitto'])
    for (const other of ['MQTT_FLOWS_PASSWORD', 'MQTT_FIELD_PASSWORD'])
      assert.deepEqual(knows(other), ['emqx', 'mosquitto'])
  })

  it('tells Linha Viva nothing that it does not know, and nothing that it refuses', () => {
    for (const name of ['linha-viva', 'database-roles']) {
      const { environment = {} } = all.services[name]!
      // A release that knows no InfluxDB is told of it all the same: the service is there.
      const withInflux = 'INFLUX_URL' in variables
      const unknown = Object.keys(environment).filter(
        (variable) => !(variable.replace(/_FILE$/, '') in variables) && (withInflux || !variable.startsWith('INFLUX_')),
      )
      assert.deepEqual(unknown, [], name)
      const read = readEnvironment(environment)
      assert.deepEqual([read.NODE_ENV, read.DB_HOST, read.DB_NAME], ['production', 'postgres', 'linhaviva'])
    }
  })

  it('passes on what people are told to set: users, single sign-on, proxies, other origins, metrics', () => {
    const reached = Object.keys(variables).filter((name) =>
      /^(AUTH_USERS|JWT_SECRET|PUBLIC_URL|OIDC_.*|TRUSTED_PROXIES|ALLOWED_HOSTS|CORS_ORIGINS|METRICS_TOKEN)$/.test(
        name,
      ),
    )
    assert.equal(reached.length, 14)
    const environment = compose(
      settings({ OIDC_ROLE_MAP: `'{"grid": "operator"}'`, METRICS_TOKEN: 'for-prometheus-only' }),
    ).composition!.services['linha-viva']!.environment!
    for (const name of reached) assert.ok(name in environment, name)
    assert.equal(environment['OIDC_ROLE_MAP'], '{"grid": "operator"}')
    assert.equal(environment['METRICS_TOKEN'], 'for-prometheus-only')
  })

  it('mounts what is there, and keeps what must survive in volumes', () => {
    for (const { volumes = [] } of Object.values(all.services)) {
      for (const volume of volumes) {
        const source = typeof volume === 'string' ? volume.split(':')[0]! : volume.source
        if (source.startsWith('/')) assert.ok(existsSync(source), `${source} is not there`)
        else assert.ok(source in all.volumes, `volume ${source} is not declared`)
      }
    }
  })

  it('lets the broker read who of the devices may connect, and Linha Viva write it', () => {
    const of = (name: string) =>
      (all.services[name]!.volumes ?? []).map((volume) =>
        typeof volume === 'string' ? volume : `${volume.source}:${volume.target}`,
      )
    assert.ok(of('linha-viva').some((volume) => volume.startsWith('devices:/data/broker')))
    assert.ok(of('mosquitto').some((volume) => volume.startsWith('devices:/mosquitto/devices')))
    assert.equal(all.services['linha-viva']!.environment?.['DATA_DIR'], '/data')
  })

  it('explains every variable that it takes in .env.example', () => {
    const example = readFileSync(join(installation, '.env.example'), 'utf8')
    for (const [, name] of composeText.matchAll(/\$\{([A-Z_]+)/g)) {
      // Set by whoever builds releases.
      if (name !== 'LINHA_VIVA_VERSION') assert.match(example, new RegExp(`^#?${name}=`, 'm'))
    }
  })
})
