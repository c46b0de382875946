-- CreateTable
CREATE TABLE "audit" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actorKind" TEXT NOT NULL,
    "actorId" TEXT NOT NULL,
    "actorName" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subjectKind" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "audit_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "service" (
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "owner" TEXT NOT NULL DEFAULT '',
    "repository" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "service_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "environment" (
    "name" TEXT NOT NULL,
    "isPrimary" BOOLEAN NOT NULL DEFAULT false,
    "position" INTEGER NOT NULL,
    "confirmation" TEXT NOT NULL DEFAULT 'click',

    CONSTRAINT "environment_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "service_environment" (
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "virtualAddress" TEXT NOT NULL,
    "stableReleaseId" TEXT,
    "trafficRevision" INTEGER NOT NULL DEFAULT 0,
    "traffic" JSONB,
    "rolloutCount" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "service_environment_pkey" PRIMARY KEY ("service","environment")
);

-- CreateTable
CREATE TABLE "release" (
    "id" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "repository" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "manifest" JSONB NOT NULL,
    "configHash" TEXT NOT NULL,
    "commit" TEXT,
    "commitMessage" TEXT,
    "pipelineId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "release_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "host" (
    "id" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "roles" TEXT[],
    "state" TEXT NOT NULL DEFAULT 'ready',
    "certificateSerial" TEXT,
    "memoryBytes" BIGINT NOT NULL DEFAULT 0,
    "cpus" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "desiredRevision" INTEGER NOT NULL DEFAULT 0,
    "reportedRevision" INTEGER NOT NULL DEFAULT 0,
    "converged" BOOLEAN NOT NULL DEFAULT false,
    "problem" TEXT,
    "bootId" TEXT,
    "leaseAt" TIMESTAMP(3),
    "joinedAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "host_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "join_token" (
    "id" TEXT NOT NULL,
    "secretHash" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "roles" TEXT[],
    "expiresAt" TIMESTAMP(3) NOT NULL,
    "usedAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,

    CONSTRAINT "join_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "proxy" (
    "id" TEXT NOT NULL,
    "hostId" TEXT NOT NULL,
    "roles" TEXT[],
    "alive" BOOLEAN NOT NULL DEFAULT false,
    "leaseAt" TIMESTAMP(3),
    "declaredLostAt" TIMESTAMP(3),

    CONSTRAINT "proxy_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "instance" (
    "id" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "releaseId" TEXT NOT NULL,
    "release" INTEGER NOT NULL,
    "hostId" TEXT NOT NULL,
    "rolloutId" TEXT NOT NULL,
    "spec" JSONB NOT NULL,
    "phase" TEXT NOT NULL DEFAULT 'desired',
    "desired" BOOLEAN NOT NULL DEFAULT true,
    "observed" TEXT,
    "containerId" TEXT,
    "exitCode" INTEGER,
    "restarts" INTEGER NOT NULL DEFAULT 0,
    "message" TEXT,
    "observedAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "servingAt" TIMESTAMP(3),
    "drainingAt" TIMESTAMP(3),
    "goneAt" TIMESTAMP(3),

    CONSTRAINT "instance_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "port_lease" (
    "hostId" TEXT NOT NULL,
    "port" INTEGER NOT NULL,
    "instanceId" TEXT NOT NULL,
    "releasedAt" TIMESTAMP(3),

    CONSTRAINT "port_lease_pkey" PRIMARY KEY ("hostId","port")
);

-- CreateTable
CREATE TABLE "proxy_ack" (
    "proxyId" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "revision" INTEGER NOT NULL,
    "verdict" TEXT NOT NULL,
    "message" TEXT,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "proxy_ack_pkey" PRIMARY KEY ("proxyId","service","environment")
);

-- CreateTable
CREATE TABLE "proxy_endpoint" (
    "proxyId" TEXT NOT NULL,
    "instanceId" TEXT NOT NULL,
    "health" TEXT NOT NULL,
    "draining" BOOLEAN NOT NULL,
    "active" INTEGER NOT NULL,
    "quietSamples" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "proxy_endpoint_pkey" PRIMARY KEY ("proxyId","instanceId")
);

-- CreateTable
CREATE TABLE "repository" (
    "name" TEXT NOT NULL,
    "defaultBranch" TEXT NOT NULL DEFAULT 'main',
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdBy" TEXT NOT NULL,
    "pipelineCount" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "repository_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "repository_head" (
    "repository" TEXT NOT NULL,
    "branch" TEXT NOT NULL,
    "commit" TEXT NOT NULL,
    "pushedAt" TIMESTAMP(3) NOT NULL,
    "pushedBy" TEXT NOT NULL,

    CONSTRAINT "repository_head_pkey" PRIMARY KEY ("repository","branch")
);

-- CreateTable
CREATE TABLE "pipeline" (
    "id" TEXT NOT NULL,
    "repository" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "branch" TEXT NOT NULL,
    "commit" TEXT NOT NULL,
    "commitMessage" TEXT NOT NULL DEFAULT '',
    "author" TEXT NOT NULL DEFAULT '',
    "pushedBy" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "reason" TEXT,
    "tests" TEXT,
    "releaseId" TEXT,
    "rolloutId" TEXT,
    "cancelRequestedBy" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMP(3),
    "endedAt" TIMESTAMP(3),
    "logSequence" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "pipeline_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "pipeline_step" (
    "pipelineId" TEXT NOT NULL,
    "position" INTEGER NOT NULL,
    "name" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "message" TEXT,
    "startedAt" TIMESTAMP(3),
    "endedAt" TIMESTAMP(3),

    CONSTRAINT "pipeline_step_pkey" PRIMARY KEY ("pipelineId","position")
);

-- CreateTable
CREATE TABLE "pipeline_log" (
    "pipelineId" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "step" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "text" TEXT NOT NULL,

    CONSTRAINT "pipeline_log_pkey" PRIMARY KEY ("pipelineId","sequence")
);

-- CreateTable
CREATE TABLE "rollout" (
    "id" TEXT NOT NULL,
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "strategy" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'queued',
    "fromReleaseId" TEXT,
    "toReleaseId" TEXT NOT NULL,
    "plan" JSONB NOT NULL,
    "intentHash" TEXT NOT NULL,
    "reason" TEXT,
    "requested" TEXT,
    "requestedReason" TEXT,
    "requestedBy" TEXT,
    "origin" TEXT NOT NULL DEFAULT 'user',
    "startedBy" TEXT NOT NULL,
    "pipelineId" TEXT,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMP(3),
    "endedAt" TIMESTAMP(3),
    "eventSequence" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "rollout_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "rollout_event" (
    "rolloutId" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL,
    "at" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "kind" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "message" TEXT NOT NULL,
    "data" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "rollout_event_pkey" PRIMARY KEY ("rolloutId","sequence")
);

-- CreateTable
CREATE TABLE "drain_sample" (
    "rolloutId" TEXT NOT NULL,
    "instanceId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "active" INTEGER NOT NULL,

    CONSTRAINT "drain_sample_pkey" PRIMARY KEY ("rolloutId","instanceId","at")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "doneAt" TIMESTAMP(3),
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lastError" TEXT,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "audit_at_idx" ON "audit"("at");

-- CreateIndex
CREATE UNIQUE INDEX "service_repository_key" ON "service"("repository");

-- CreateIndex
CREATE UNIQUE INDEX "service_environment_virtualAddress_key" ON "service_environment"("virtualAddress");

-- CreateIndex
CREATE UNIQUE INDEX "release_service_number_key" ON "release"("service", "number");

-- CreateIndex
CREATE UNIQUE INDEX "release_service_digest_configHash_key" ON "release"("service", "digest", "configHash");

-- CreateIndex
CREATE INDEX "instance_service_environment_idx" ON "instance"("service", "environment");

-- CreateIndex
CREATE INDEX "instance_hostId_desired_idx" ON "instance"("hostId", "desired");

-- CreateIndex
CREATE INDEX "proxy_endpoint_instanceId_idx" ON "proxy_endpoint"("instanceId");

-- CreateIndex
CREATE UNIQUE INDEX "pipeline_repository_number_key" ON "pipeline"("repository", "number");

-- CreateIndex
CREATE UNIQUE INDEX "rollout_service_environment_number_key" ON "rollout"("service", "environment", "number");

-- CreateIndex
CREATE UNIQUE INDEX "outbox_key_key" ON "outbox"("key");

-- CreateIndex
CREATE INDEX "outbox_doneAt_idx" ON "outbox"("doneAt");

-- AddForeignKey
ALTER TABLE "service_environment" ADD CONSTRAINT "service_environment_service_fkey" FOREIGN KEY ("service") REFERENCES "service"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "service_environment" ADD CONSTRAINT "service_environment_environment_fkey" FOREIGN KEY ("environment") REFERENCES "environment"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "release" ADD CONSTRAINT "release_service_fkey" FOREIGN KEY ("service") REFERENCES "service"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "proxy" ADD CONSTRAINT "proxy_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "host"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "instance" ADD CONSTRAINT "instance_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "host"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "port_lease" ADD CONSTRAINT "port_lease_hostId_fkey" FOREIGN KEY ("hostId") REFERENCES "host"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "repository_head" ADD CONSTRAINT "repository_head_repository_fkey" FOREIGN KEY ("repository") REFERENCES "repository"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pipeline" ADD CONSTRAINT "pipeline_repository_fkey" FOREIGN KEY ("repository") REFERENCES "repository"("name") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pipeline_step" ADD CONSTRAINT "pipeline_step_pipelineId_fkey" FOREIGN KEY ("pipelineId") REFERENCES "pipeline"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "pipeline_log" ADD CONSTRAINT "pipeline_log_pipelineId_fkey" FOREIGN KEY ("pipelineId") REFERENCES "pipeline"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "rollout_event" ADD CONSTRAINT "rollout_event_rolloutId_fkey" FOREIGN KEY ("rolloutId") REFERENCES "rollout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "drain_sample" ADD CONSTRAINT "drain_sample_rolloutId_fkey" FOREIGN KEY ("rolloutId") REFERENCES "rollout"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- By hand, what Prisma cannot say.

-- One unfinished rollout per service and environment: the fence against two operators, and against a race of any kind.
CREATE UNIQUE INDEX "rollout_one_unfinished" ON "rollout"("service", "environment")
    WHERE "state" NOT IN ('promoted', 'rolled-back', 'failed', 'superseded');

-- The audit trail is only ever added to.
CREATE FUNCTION "refuse_audit_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is never changed: % on audit was refused.', TG_OP USING ERRCODE = 'restrict_violation';
END
$$;

CREATE TRIGGER "audit_rows_are_immutable" BEFORE UPDATE OR DELETE ON "audit"
    FOR EACH ROW EXECUTE FUNCTION "refuse_audit_change"();

CREATE TRIGGER "audit_is_not_truncated" BEFORE TRUNCATE ON "audit"
    FOR EACH STATEMENT EXECUTE FUNCTION "refuse_audit_change"();
