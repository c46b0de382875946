-- AlterTable
ALTER TABLE "host" ADD COLUMN     "renewedSerial" TEXT;
