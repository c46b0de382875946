-- AlterTable
ALTER TABLE "scaffold" ADD COLUMN     "pipelineCount" INTEGER NOT NULL DEFAULT 0;
