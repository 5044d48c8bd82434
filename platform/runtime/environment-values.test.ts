import assert from 'node:assert/strict'
import fc from 'fast-check'
import * as kinds from './environment-values.ts'

describe('values of the environment', () => {
  for (const [name, kind, accepted, refused] of [
    ['text', kinds.text, ['', ' any ', 'á'], []],
    [
      'integer',
      kinds.integer(-5, 10),
      ['-5', '0', '10', '007'],
      ['-6', '11', '1.0', '1e1', '0x1', ' 1', '', '9'.repeat(16)],
    ],
    [
      'decimal',
      kinds.decimal(0, 10),
      ['0', '10', '2.50', '007.5'],
      ['-1', '10.1', '1,5', '1e1', '.5', '5.', '', 'NaN'],
    ],
    ['identifier', kinds.identifier, ['feeder-01', 'a', 'A.1:b_2'], ['-a', '', 'a b', 'a/b', 'a'.repeat(65)]],
    [
      'email',
      kinds.email,
      ['radar@energia.example', 'a.b+c@x.y.z'],
      ['radar', 'a@b', 'a b@c.de', 'a@b.c, d@e.f', `${'x'.repeat(45)}@abc.de`],
    ],
    ['cnpj', kinds.cnpj, ['11222333000181', '12ABC34501DE35'], ['11222333000182', '00000000000000', '1', '']],
    ['port', kinds.port, ['1', '1880', '65535'], ['0', '65536', '-1', 'http']],
    ['oneOf', kinds.oneOf('off', 'require'), ['off', 'require'], ['on', '', 'off ', 'constructor']],
    [
      'host',
      kinds.host,
      ['localhost', 'db.example.org', '10.0.0.1', '::1', 'fe80::1', 'my_db'],
      ['http://db', 'db:5432', 'a b', '', 'user@db', 'db/x', '[::1]', 'fe80::1%eth0'],
    ],
    [
      'databaseName',
      kinds.databaseName,
      ['linhaviva', '_a-1', 'a'.repeat(63)],
      ['1a', 'a b', 'a"', '', 'a'.repeat(64)],
    ],
    [
      'brokerAddress',
      kinds.brokerAddress,
      ['mqtt://broker', 'mqtts://broker:8883', 'ws://broker/mqtt', 'wss://[::1]:9001'],
      ['broker', 'tcp://broker', 'http://broker', 'mqtt://', 'mqtt://user@broker', 'mqtt://user:pw@broker'],
    ],
    [
      'networks',
      kinds.networks,
      ['10.0.0.1', '10.0.0.0/8, ::1', '2001:db8::/32'],
      ['proxy', '10.0.0.0/33', '*', '', '10.0.0.1,'],
    ],
    [
      'origins',
      kinds.origins,
      ['https://console.example', 'https://a.example, http://localhost:5173'],
      ['*', 'https://a.example/', 'a.example', 'https://*.example', ''],
    ],
    [
      'publicAddress',
      kinds.publicAddress,
      [
        'https://ops.example',
        'https://ops.example:8443/realms/x',
        'http://localhost:1880',
        'http://[::1]:1',
        'http://127.0.0.9',
      ],
      [
        ...['http://ops.example', 'http://localhost.evil.example', 'http://127.evil.example', 'ops.example', ''],
        ...[
          'https://u:p@ops.example',
          'https://ops.example?x',
          'https://ops.example#x',
          'https://',
          'javascript:alert(1)',
        ],
      ],
    ],
    [
      'roleMap',
      kinds.roleMap,
      ['{"grid":"operator"}', '{"a":"viewer","b":"admin"}'],
      ['', '{}', '[]', '["operator"]', '{"grid":"root"}', '{"grid":["operator"]}', 'null', '{"grid":"operator"'],
    ],
    ['certificate', kinds.certificate, ['-----BEGIN CERTIFICATE-----\nMIIB'], ['/etc/ca.pem', '']],
    [
      'privateKey',
      kinds.privateKey,
      ['-----BEGIN PRIVATE KEY-----\nMIIB', '-----BEGIN EC PRIVATE KEY-----\nMIIB'],
      ['/etc/key.pem', '', '-----BEGIN PUBLIC KEY-----'],
    ],
    [
      'openApiDocument',
      kinds.openApiDocument,
      [
        'openapi: 3.0.0\ninfo: {}',
        '# of the alliance\nopenapi: 3.1.0',
        '{"openapi":"3.0.0"}',
        '{\n  "openapi": "3.0.0"}',
      ],
      ['/etc/openadr.yaml', '', 'swagger: 2.0'],
    ],
    ['timeZone', kinds.timeZone, ['America/Sao_Paulo', 'UTC'], ['Sao_Paulo', '', 'BRT3', '../etc', '-03:00']],
  ] as const) {
    it(`${name}: ${kind.accepts}`, () => {
      for (const text of accepted) assert.notEqual(kind.parse(text), undefined, JSON.stringify(text))
      for (const text of refused) assert.equal(kind.parse(text), undefined, JSON.stringify(text))
    })
  }

  it('takes a choice in any case, and gives it as it is written', () => {
    assert.equal(kinds.oneOf('off', 'require').parse('REQUIRE'), 'require')
  })

  it('reads each whole number in its bounds as that number, and no other (property)', () => {
    const kind = kinds.integer(-1000, 1000)
    fc.assert(
      fc.property(fc.integer({ min: -3000, max: 3000 }), (value) => {
        assert.equal(kind.parse(String(value)), Math.abs(value) <= 1000 ? value : undefined)
      }),
    )
  })

  it('never throws, whatever it is given (property)', () => {
    const all = [
      ...[kinds.port, kinds.host, kinds.databaseName, kinds.brokerAddress],
      ...[kinds.certificate, kinds.openApiDocument, kinds.privateKey, kinds.timeZone, kinds.networks, kinds.origins],
      ...[kinds.publicAddress, kinds.roleMap],
    ]
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => all.forEach((kind) => kind.parse(text))))
  })
})
