import { createContext, useContext } from 'react';
import { inspectionTarget } from '../../contract/coverage-inspections.ts';
import { type CoverageClass, coverageClasses } from './coverage-classes.ts';

type Target = { target: number; classes: CoverageClass[] };

/** The target that the answer was held against, with the classes laid around it. */
export const targetOf = (target: number): Target => ({ target, classes: coverageClasses(target) });

export const TargetContext = createContext<Target>(targetOf(inspectionTarget));
export const useTarget = () => useContext(TargetContext);
