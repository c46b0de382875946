import { portal } from "@/server/portal";

export const dynamic = "force-dynamic";

const handle = (request: Request) => portal().auth.handler(request);

export { handle as GET, handle as POST };
