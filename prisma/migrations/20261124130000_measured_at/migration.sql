-- AlterTable
ALTER TABLE "host" ADD COLUMN     "measuredAt" TIMESTAMP(3);
