/** Ports as the settings choose them: a maker each, in a module of its own, so that a process loads no other's code. */
export { createPorts } from './create-ports.ts';
export { makePorts, type PlatformParts, type PortLoaders } from './make-ports.ts';
export { type PortSettings, portSettings } from './port-settings.ts';
