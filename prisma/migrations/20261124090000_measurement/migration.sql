-- CreateTable
CREATE TABLE "measurement" (
    "service" TEXT NOT NULL,
    "environment" TEXT NOT NULL,
    "release" INTEGER NOT NULL,
    "proxyId" TEXT NOT NULL,
    "at" TIMESTAMP(3) NOT NULL,
    "requests" INTEGER NOT NULL,
    "failures" INTEGER NOT NULL,
    "latencies" INTEGER[],

    CONSTRAINT "measurement_pkey" PRIMARY KEY ("service","environment","at","release","proxyId")
);

-- CreateIndex
CREATE INDEX "measurement_at_idx" ON "measurement"("at");
