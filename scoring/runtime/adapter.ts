/** What WebGPU says of an adapter, by Dawn in Node.js and in a browser alike. */
export type AdapterInfo = {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter?: boolean;
};

/** What is used of an adapter; `Device` is what computes. */
export type Adapter<Device = { destroy(): void }> = {
  readonly limits: Readonly<Record<string, number>>;
  readonly info: AdapterInfo;
  requestDevice(descriptor: object): Promise<Device>;
};

export type Gpu = { requestAdapter(options: { powerPreference: 'high-performance' }): Promise<Adapter | null> };

/** Programs that pretend to be a GPU, as they name themselves. */
const pretenders = /swiftshader|llvmpipe|lavapipe|softpipe|software|basic render|\bwarp\b/i;
/** What large tensors need beyond the limits that any device has. */
const raisedLimits = [
  'maxComputeWorkgroupStorageSize',
  'maxComputeWorkgroupsPerDimension',
  'maxStorageBufferBindingSize',
  'maxBufferSize',
  'maxComputeWorkgroupSizeX',
  'maxComputeInvocationsPerWorkgroup',
];

export function isSoftwareAdapter(info: AdapterInfo): boolean {
  const names = [info.vendor, info.architecture, info.device, info.description];
  return info.isFallbackAdapter === true || names.some((name) => pretenders.test(name));
}

export function nameOfAdapter({ vendor, architecture, device, description }: AdapterInfo): string {
  return [vendor, architecture, description || device].filter(Boolean).join(' ');
}

/** The adapter's device with all the room that it can give. */
export function openDevice(adapter: Adapter): Promise<{ destroy(): void }> {
  return adapter.requestDevice({
    requiredLimits: Object.fromEntries(raisedLimits.map((name) => [name, adapter.limits[name]])),
  });
}
