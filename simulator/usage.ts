import { defaultSize } from './field.ts'
import { usualChargePoints } from './town/town-plan.ts'
import { weatherKinds } from './weather.ts'
import { commandFaults, deviceFaults, messageFaults } from '../platform/wire/simulation.ts'

/** More devices than this have one connection together. */
export const mostConnections = 500

/** So many simulated seconds may pass in one of ours: what `sim/clock` may say. */
export const mostSpeed = 1_000_000

export const usage = `The simulated field of Linha Viva. Scenario files and their events: docs/simulator.md

  npm run simulator -- [flags]

The field
  --scenario S      a shipped scenario, or the path of a scenario file
  --list            the shipped scenarios
  --panels N        solar panels (0 to 10000, default ${defaultSize.panels})
  --meters N        meters (0 to 10000, default ${defaultSize.meters}): homes send every 5 s, businesses their mean of 60 s
  --evs N           electric vehicles (0 to 10000, default ${defaultSize.evs})
  --interval S      a step, and a reading of every DER and panel, each S seconds (0.1 to 600, default 1)
  --seed N          whole number; the same seed and start give the same readings (default 1)
  --fault F=P%,…    shares of readings that go wrong, of devices, or of commands:
                    ${messageFaults.slice(0, 5).join(', ')},
                    ${[...messageFaults.slice(5), ...deviceFaults].join(', ')},
                    ${commandFaults.slice(0, 5).join(', ')},
                    ${commandFaults.slice(5).join(', ')}
  --without-ledger  devices that do a command again when it comes again: sw-001,meter-002 or all
  --command-keys F  a file of keys, {"sw-001": "…"}: these devices obey only what is signed
  --duration S      end after S seconds of the field (default: the scenario's, else run until interrupted)

Simulated time: the platform then needs CLOCK=simulated
  --speed N         seconds of the field in one of ours (0.01 to ${mostSpeed}, default 1)
  --start T         begin at an instant (2026-01-15T18:00:00-03:00) or at a time of this day in the field (18:00)

The town, in place of the field: three feeders one within the other, limits that bind in the evening (docs/simulator.md)
  --town            the town; takes --interval (default 10), --seed, --speed, --start, --duration besides
  --evs N           charge points, with batteries, PV and load in proportion (1 to 10000, default ${usualChargePoints})
  --sessions FILE   cars as they were recorded, at charge points made for them:
                    an array of {id, arrival, departure, energyKwh, maxKw, phase?, feederId?}
  --weather W       ${weatherKinds.join(', ')} (default changing)
  --registry DIR    writes feeders, sites and devices for npm run registry -- import DIR, and ends

Load, in place of the field: numbered readings of batteries, for measuring
  --rate R          readings a second in all (1 to 1000000)
  --batch B         readings in a message; from 2 on as an array (1 to 1000, default 1)
  --devices N       devices that take turns (1 to 100000, default 2000)
  --qos Q           0 or 1 (default 1)
  --connections C   connections that share the load (1 to ${mostConnections}, default 4)
  --in-flight N     messages not yet acknowledged, at most (65000 a connection, default 8000);
                    beyond it the load waits
  --count N         end after so many readings
  --duration S      end after S seconds

Broker
  --url URL         mqtt://, mqtts://, ws:// or wss:// (default MQTT_URL, else this machine at MQTT_PORT or 1883)
  --one-connection  one connection for all devices, not one each; needed above ${mostConnections} devices

Output
  --quiet           only warnings and errors
  --verbose         panel readings and every setpoint also when another process started the simulator
  --help            this text

Environment: MQTT_URL, MQTT_PORT, MQTT_USER, MQTT_PASSWORD, MQTT_CA (PEM); the last three also as <NAME>_FILE.
Without MQTT_USER it is the user of the field at the embedded broker of this machine (mqtt-users.json in DATA_DIR).
Besides: pv-001 (5 kW) and bat-001 (4 kW) at house-01, switches sw-001 and sw-002. Resources follow der/control/<id>.
`
