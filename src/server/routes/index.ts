import type { FastifyInstance } from 'fastify';
import type { Registry } from 'prom-client';
import type { Desk } from '../desk.js';
import { addExposureRoutes } from '../exposures/routes.js';
import { addOfrepRoutes } from '../ofrep/routes.js';
import { addGroupRoutes } from '../writing/read.js';
import { addWritingRoutes } from '../writing/routes.js';
import { addAuditRoutes } from './audit.js';
import { addDescriptionRoutes } from './description.js';
import { addEvaluateRoutes } from './evaluate.js';
import { addFlagRoutes } from './flags.js';
import { addOperationRoutes } from './operations.js';
import { addSegmentRoutes } from './segments.js';

/** Everything that a server answers by itself. */
export function addRoutes(app: FastifyInstance, desk: Desk, registry: Registry): void {
  addOfrepRoutes(app, desk);
  addEvaluateRoutes(app, desk);
  addFlagRoutes(app, desk);
  addSegmentRoutes(app, desk);
  addGroupRoutes(app, desk);
  addWritingRoutes(app, desk);
  addExposureRoutes(app, desk);
  addAuditRoutes(app, desk);
  addOperationRoutes(app, desk, registry);
  addDescriptionRoutes(app);
}
