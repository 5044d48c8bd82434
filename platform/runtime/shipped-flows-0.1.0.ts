import type { SeenFlows } from './shipped-flows.ts'

/** What 0.1.0 shipped: it left no note of it in the folders that it ran on. */
export const flowsOfFirstRelease: SeenFlows = {
  'lv-telemetry': '3d67bf32ef83e98081f4c87a057ae8941486024162b7c91a79af4dcea006f3dc',
  'lv-first-screen': '91c2810d779381195241f746d47cfc8d57eab7a11b1b6ca0c5e569cfa6dd5c29',
  'lv-broker': '69199504f31261ec84f7ea9f150d995d3923082df4c36345bf9166780b64f1fd',
  'lv-postgresql': '5a6885cc64bc3748145a2e7dee372f196392721cf0ca130abc1a8ac9ac1e349b',
  'lv-ui-base': 'c40ccaa9503c2e0f7423b60dcbf8249f227c8fc89adc4a6d62b742e64682f5a3',
  'lv-ui-theme': 'd09ed077c9458ada3f1fd18ef2d1eeb1b4ffe5f2ceedbd61a8a9a3138583cebd',
  'lv-ui-page-field': 'ecc5165b72ac77fb7367c2a17e3bea9eaba487f76e256238126661d3759e95df',
  'lv-ui-group-field': 'f5c5a23d5c3f23f0be312cf365a73dd490322b1687a5b53afeae1136fb22fa2c',
}
