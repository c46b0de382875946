-- CreateTable
CREATE TABLE "build_record" (
    "pipelineId" TEXT NOT NULL,
    "record" JSONB NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "build_record_pkey" PRIMARY KEY ("pipelineId")
);
