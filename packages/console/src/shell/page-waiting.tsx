import { Skeleton, SkeletonLines } from '../ui/skeleton.tsx'

export function PageWaiting() {
  return (
    <div className="px-6 pt-6">
      <Skeleton className="mb-8 h-6 w-48" />
      <SkeletonLines lines={6} />
    </div>
  )
}
