import { continuityQuality } from '../../nodes/continuity/from-files/continuity-command.ts'
import { backtest } from '../../nodes/voltage/backtest/backtest.ts'
import { voltageQuality } from '../../nodes/voltage/quality-command.ts'
import { readVariables } from '../../platform/runtime/environment.ts'
import { runSubcommand } from '../../platform/runtime/subcommands.ts'

const usage = `The regulator's indicators of what was recorded, without a server.

  npm run -s quality -- voltage --help      DRP, DRC and compensation of a recorded voltage
  npm run -s quality -- continuity --help   DIC, FIC, DMIC, DICRI, DISE, DEC, FEC and compensation of recorded interruptions
  npm run -s quality -- backtest --help     how good the forecast of DRP and DRC is
`

/** What a command of here is given besides its own arguments. */
const given = () => ({ timeZone: readVariables(process.env, ['TIME_ZONE']).TIME_ZONE, input: process.stdin })

await runSubcommand('quality', usage, {
  voltage: (args) => voltageQuality(args, given()),
  continuity: (args) => continuityQuality(args, given()),
  backtest,
})
