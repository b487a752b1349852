export { FlagstaffProvider, type ProviderOptions } from './provider.js';
